using System.Text;
using System.Text.Json;

namespace ReSTEM.Cli;

/// <summary>Writes a JSONL file that appears only when it is complete; <c>-</c> writes to standard output.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly StreamWriter _writer;
    private bool _complete;

    internal RowWriter(string path)
    {
        _path = path;
        _temporary = path + ".tmp";
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _writer = path == "-"
            ? new StreamWriter(Console.OpenStandardOutput(), utf8)
            : new StreamWriter(_temporary, append: false, utf8);
    }

    internal void Write(object row)
    {
        _writer.Write(JsonSerializer.Serialize(row, JsonLines.Readable));
        _writer.Write('\n');
    }

    /// <summary>Everything is written: the file takes its name on disposal.</summary>
    internal void Complete() => _complete = true;

    public void Dispose()
    {
        _writer.Dispose();
        if (_path == "-")
        {
            return;
        }

        if (_complete)
        {
            File.Move(_temporary, _path, overwrite: true);
        }
        else
        {
            File.Delete(_temporary);
        }
    }
}
