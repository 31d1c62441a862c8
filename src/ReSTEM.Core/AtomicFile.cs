using System.Text;

namespace ReSTEM.Core;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 16;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes beside the target, flushes to the disk and renames; on any failure the target stays as it was.</summary>
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

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // still there only if something failed
        }
    }

    /// <summary>The same for a text, in UTF-8.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Utf8.GetBytes(text)));
}
