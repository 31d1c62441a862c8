using System.Text;
using System.Text.Json;

namespace ReSTEM.Cli;

/// <summary>
/// Writes rows of JSON, one a line, and only whole lines to a stream. Call <see cref="Complete"/> at the end; without it nothing is left
/// of a file.
/// </summary>
/// <param name="output">Where they go; disposed with the writer.</param>
internal sealed class RowWriter(OutputFile output) : IDisposable
{
    private const int BufferedCharacters = 1 << 14;

    private readonly StringBuilder _rows = new();

    /// <summary>The row as it is written, without its line break.</summary>
    internal static string Text(object row) => JsonSerializer.Serialize(row, JsonLines.Readable);

    /// <summary>Writes a row.</summary>
    internal void Write(object row) => WriteText(Text(row));

    /// <summary>Writes a row that is JSON already.</summary>
    internal void WriteText(string row)
    {
        _rows.Append(row).Append('\n');
        if (_rows.Length >= BufferedCharacters)
        {
            Flush();
        }
    }

    /// <summary>Everything is written: the file takes its name.</summary>
    internal void Complete()
    {
        Flush();
        output.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    private void Flush()
    {
        output.Content.Write(Encoding.UTF8.GetBytes(_rows.ToString()));
        _rows.Clear();
    }
}
