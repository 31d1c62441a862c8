using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Tokenizers;

/// <summary>
/// Decodes tokens one at a time, by steps of which each hands on to the next. Characters are given out as soon as all their bytes are
/// there, and together they are exactly what <see cref="Tokenizer.Decode"/> gives for the whole. For one thread.
/// </summary>
internal sealed class IncrementalDecoder : ITextStream
{
    private readonly Vocabulary _vocabulary;
    private readonly bool _skipSpecialTokens;
    private readonly List<IDecoderStep> _steps = [];
    private readonly StringBuilder _text = new();
    private readonly Action<string> _first;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="steps">What makes each step, in order.</param>
    /// <param name="skipSpecialTokens">Leave special tokens out.</param>
    internal IncrementalDecoder(Vocabulary vocabulary, IReadOnlyList<Func<Action<string>, IDecoderStep>> steps, bool skipSpecialTokens)
    {
        _vocabulary = vocabulary;
        _skipSpecialTokens = skipSpecialTokens;
        _first = text => _text.Append(text);
        foreach (Func<Action<string>, IDecoderStep> create in steps.Reverse())
        {
            IDecoderStep step = create(_first);
            _steps.Insert(0, step);
            _first = step.Append;
        }
    }

    /// <summary>The text that is complete with this token and was not before; empty while a character still lacks bytes.</summary>
    public string Append(int id)
    {
        Take(id);
        return Taken();
    }

    /// <summary>The whole text of some ids.</summary>
    internal string Decode(ReadOnlySpan<int> ids)
    {
        foreach (int id in ids)
        {
            Take(id);
        }

        return Finish();
    }

    /// <summary>U+FFFD if the last character never got all its bytes, else empty or what was held back. The decoder starts afresh.</summary>
    public string Finish()
    {
        foreach (IDecoderStep step in _steps)
        {
            step.Finish();
        }

        return Taken();
    }

    private void Take(int id)
    {
        if (_vocabulary.TokenOf(id) is { } token && !(_skipSpecialTokens && _vocabulary.IsSpecial(id)))
        {
            _first(token);
        }
    }

    private string Taken()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }
}
