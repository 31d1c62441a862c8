namespace ReSTEM.Core;

/// <summary>Folders that are there whole or not at all, whatever stops the process or the machine.</summary>
public static class NewFolder
{
    /// <summary>Makes a folder, and those above it that are missing, so that their names are on the disk; one that is there stays as it is.</summary>
    /// <exception cref="IOException">The disk is full, or a file is in the way.</exception>
    public static void Create(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder))
        {
            return;
        }

        string parent = Path.GetDirectoryName(folder)!;
        Create(parent);
        Directory.CreateDirectory(folder);
        Disk.Flush(parent);
    }

    /// <summary>Deletes a folder with all that is in it, so that it does not come back after a power cut; none is fine too.</summary>
    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
            Disk.Flush(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        }
    }

    /// <summary>Gives a folder that is complete its name. Both names are on one file system.</summary>
    /// <param name="complete">Flushed to the disk here; gone afterwards.</param>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <exception cref="IOException">The folder is not empty.</exception>
    public static void Publish(string complete, string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder); // throws unless it is empty
        }

        Create(Path.GetDirectoryName(Path.GetFullPath(folder))!);
        Disk.FlushTree(complete);
        Directory.Move(complete, folder);
        Disk.Flush(Path.GetDirectoryName(Path.GetFullPath(folder))!);
    }

    /// <summary>Fills a folder beside the target, flushes it to the disk, and gives it its name when it is complete.</summary>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <param name="fill">Writes the files; its result is passed on.</param>
    /// <exception cref="IOException">The folder is not empty, or the disk is full.</exception>
    public static T Write<T>(string folder, Func<string, T> fill)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder); // throws unless it is empty
        }

        string partial = folder + ".restem-partial";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Create(Path.GetDirectoryName(partial)!);
        Directory.CreateDirectory(partial);
        try
        {
            T result = fill(partial);
            Publish(partial, folder);
            return result;
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true); // still there only if something failed
            }
        }
    }
}
