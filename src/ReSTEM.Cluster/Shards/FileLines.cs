namespace ReSTEM.Cluster;

/// <summary>Lines of a file as bytes, their line breaks among them; the last one may have none.</summary>
internal static class FileLines
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The lines from where the stream is; it is not closed.</summary>
    internal static IEnumerable<byte[]> Of(Stream stream)
    {
        byte[] buffer = new byte[BufferBytes];
        using var line = new MemoryStream();
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(buffer, (byte)'\n', start, count - start)) >= 0; start = end + 1)
            {
                line.Write(buffer, start, end + 1 - start);
                yield return line.ToArray();
                line.SetLength(0);
            }

            line.Write(buffer, start, count - start);
        }

        if (line.Length > 0)
        {
            yield return line.ToArray();
        }
    }
}
