namespace ReSTEM.Models;

/// <summary>Folders that are there whole or not at all.</summary>
internal static class NewFolder
{
    /// <summary>Fills a folder beside the target, and gives it its name when it is complete.</summary>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <param name="fill">Writes the files; its result is passed on.</param>
    /// <exception cref="IOException">The folder is not empty, or the disk is full.</exception>
    internal static T Write<T>(string folder, Func<string, T> fill)
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
            Directory.Move(partial, folder);
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
