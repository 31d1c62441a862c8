using System.Globalization;
using System.Net;
using System.Text;

namespace ReSTEM.Reporting;

/// <summary>Writes HTML and SVG. Every text and attribute is escaped here; there is no other way in.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>A coordinate or length of a figure.</summary>
    internal static string Of(double number) => Math.Round(number, 1).ToString("0.#", CultureInfo.InvariantCulture);

    internal HtmlWriter Open(string tag, params (string Name, string Value)[] attributes)
    {
        Tag(tag, attributes).Append('>');
        _open.Push(tag);
        return this;
    }

    internal HtmlWriter Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>An element without content or end tag.</summary>
    internal HtmlWriter Void(string tag, params (string Name, string Value)[] attributes)
    {
        Tag(tag, attributes).Append("/>");
        return this;
    }

    internal HtmlWriter Element(string tag, string text, params (string Name, string Value)[] attributes) =>
        Open(tag, attributes).Text(text).Close();

    internal HtmlWriter Text(string text)
    {
        _text.Append(Escaped(text));
        return this;
    }

    /// <summary>The style sheet of the project, which is no data.</summary>
    internal HtmlWriter Style(string css)
    {
        _text.Append("<style>").Append(css).Append("</style>");
        return this;
    }

    /// <summary>The program of the project, which is no data.</summary>
    internal HtmlWriter Script(string program)
    {
        _text.Append("<script>").Append(program).Append("</script>");
        return this;
    }

    /// <summary>Data that a program reads and no browser runs: base64, which needs no escaping.</summary>
    internal HtmlWriter Data(string id, string base64)
    {
        Open("script", ("type", "text/plain"), ("id", id)).Text(base64);
        return Close().Line();
    }

    internal HtmlWriter Line()
    {
        _text.Append('\n');
        return this;
    }

    /// <summary>The whole document.</summary>
    /// <exception cref="InvalidOperationException">An element is open.</exception>
    internal string Document() => _open.Count == 0
        ? "<!doctype html>\n" + _text
        : throw new InvalidOperationException($"element '{_open.Peek()}' is open, expected none.");

    private StringBuilder Tag(string tag, (string Name, string Value)[] attributes)
    {
        _text.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            _text.Append(' ').Append(name).Append("=\"").Append(Escaped(value)).Append('"');
        }

        return _text;
    }

    /// <summary>What HTML does not allow is shown as the replacement character: control characters, non-characters, half surrogate pairs.</summary>
    private static string Escaped(string text) => WebUtility.HtmlEncode(
        string.Concat(text.EnumerateRunes().Select(rune => IsAllowed(rune) ? rune : Rune.ReplacementChar)));

    private static bool IsAllowed(Rune rune) =>
        rune.Value is '\n' or '\t' || !(Rune.IsControl(rune) || (rune.Value & 0xfffe) == 0xfffe);
}
