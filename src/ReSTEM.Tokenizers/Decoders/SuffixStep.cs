namespace ReSTEM.Tokenizers;

/// <summary>Makes a blank of the suffix that ends words, and nothing of it at the end of the text: so one token is held back.</summary>
internal sealed class SuffixStep(string suffix, Action<string> next) : IDecoderStep
{
    private string? _held;

    public void Append(string token)
    {
        HandOn(" ");
        _held = token;
    }

    public void Finish()
    {
        HandOn("");
        _held = null;
    }

    private void HandOn(string replacement)
    {
        if (_held is not null)
        {
            next(_held.Replace(suffix, replacement, StringComparison.Ordinal));
        }
    }
}
