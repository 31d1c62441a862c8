namespace ReSTEM.Engine;

/// <summary>Files that are whole or not there.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the target, flushes to the disk and renames; on any failure the target stays as it was.</summary>
    internal static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // still there only if something failed
        }
    }
}
