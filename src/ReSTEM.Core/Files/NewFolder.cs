namespace ReSTEM.Core;

/// <summary>Folders that are there whole or not at all, whatever stops the process or the machine.</summary>
public static class NewFolder
{
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

        Directory.CreateDirectory(partial);
        try
        {
            T result = fill(partial);
            Disk.FlushTree(partial);
            Directory.Move(partial, folder);
            Disk.Flush(Path.GetDirectoryName(folder)!);
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
