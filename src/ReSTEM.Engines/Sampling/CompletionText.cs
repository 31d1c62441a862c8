using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>The text of a completion as it grows, watched for stop strings, also across token boundaries.</summary>
internal sealed class CompletionText(ITokenizer tokenizer, IReadOnlyList<string> stops)
{
    private readonly ITextStream _decoder = tokenizer.CreateDecoder(skipSpecialTokens: true);
    private readonly StringBuilder _text = new();
    private readonly int _longestStop = stops.Max(stop => stop.Length);

    /// <summary>Adds a token; true if a stop string is now there, and the text is cut before the first.</summary>
    internal bool Append(int id)
    {
        string added = _decoder.Append(id);
        if (added.Length == 0)
        {
            return false;
        }

        // A stop string that is new ends in the added text.
        int from = Math.Max(0, _text.Length - _longestStop + 1);
        _text.Append(added);
        string window = _text.ToString(from, _text.Length - from);
        int first = -1;
        foreach (string stop in stops)
        {
            int index = window.IndexOf(stop, StringComparison.Ordinal);
            first = index >= 0 && (first < 0 || index < first) ? index : first;
        }

        if (first >= 0)
        {
            _text.Length = from + first;
        }

        return first >= 0;
    }

    internal string Cut() => _text.ToString();
}
