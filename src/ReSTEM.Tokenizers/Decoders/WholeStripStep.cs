namespace ReSTEM.Tokenizers;

/// <summary>Takes a character off both ends of the whole text, a number of times at most.</summary>
/// <param name="content">What to take off.</param>
/// <param name="start">How often at the start.</param>
/// <param name="stop">How often at the end; so much is held back.</param>
/// <param name="next">Takes the rest.</param>
internal sealed class WholeStripStep(char content, int start, int stop, Action<string> next) : IDecoderStep
{
    private int _stripped;
    private string _held = "";

    public void Append(string token)
    {
        int blanks = 0;
        while (blanks < token.Length && _stripped + blanks < start && token[blanks] == content)
        {
            blanks++;
        }

        _stripped = blanks < token.Length ? start : _stripped + blanks; // the first other character ends the stripping
        string text = _held + token[blanks..];
        int held = 0;
        while (held < text.Length && held < stop && text[^(held + 1)] == content)
        {
            held++;
        }

        _held = text[^held..];
        if (held < text.Length)
        {
            next(text[..^held]);
        }
    }

    public void Finish() => (_stripped, _held) = (0, "");
}
