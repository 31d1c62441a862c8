using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>
/// The text of a completion as it may be said while it grows: what could be the beginning of a stop string is held back. All that is said is the text of
/// the completion.
/// </summary>
/// <param name="model">Decodes.</param>
/// <param name="stops">Texts that end the completion.</param>
internal sealed class StreamedText(ModelInfo model, IReadOnlyList<string> stops)
{
    private readonly ITextStream? _decoder = model.Tokenizer?.CreateDecoder(skipSpecialTokens: true);
    private readonly StringBuilder _text = new();
    private readonly int _held = stops.Count == 0 ? 0 : stops.Max(stop => stop.Length) - 1;
    private int _said;
    private bool _hasStopped;

    /// <summary>What may be said with one token more; may be empty.</summary>
    internal string Append(int id)
    {
        if (_decoder is null || _hasStopped || model.EndTokenIds.Contains(id))
        {
            return "";
        }

        _text.Append(_decoder.Append(id));
        string unsaid = _text.ToString(_said, _text.Length - _said);
        int stop = stops.Select(text => unsaid.IndexOf(text, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(-1).Min();
        _hasStopped = stop >= 0;
        return Say(unsaid, _hasStopped ? stop : unsaid.Length - _held);
    }

    /// <summary>What is left to say at the end.</summary>
    internal string Rest(Completion completion)
    {
        string rest = completion.Text[_said..];
        _said = completion.Text.Length;
        return rest;
    }

    private string Say(string unsaid, int length)
    {
        if (length > 0 && char.IsHighSurrogate(unsaid[length - 1]))
        {
            length--; // half a character is no text
        }

        string said = length > 0 ? unsaid[..length] : "";
        _said += said.Length;
        return said;
    }
}
