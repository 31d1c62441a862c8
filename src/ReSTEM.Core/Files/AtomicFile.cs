using System.Text;

namespace ReSTEM.Core;

/// <summary>Files that are there whole or not at all, whatever stops the process or the machine.</summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 16;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes beside the target, flushes to the disk, renames, and flushes the folder; on any failure the target stays as it was.</summary>
    /// <param name="path">The target; its folder exists.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary); // still there only if something failed
        }
    }

    /// <summary>The same for a text, in UTF-8.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Utf8.GetBytes(text)));

    /// <summary>Deletes a file, so that it does not come back after a power cut; none is fine too.</summary>
    public static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            Disk.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
    }

    /// <summary>Gives a file that has reached the disk its name, in place of what bears it.</summary>
    /// <param name="temporary">Of the same folder; flushed to the disk.</param>
    /// <param name="path">The target.</param>
    public static void Publish(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        Disk.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
