namespace ReSTEM.Tokenizers;

/// <summary>Changes each token on its own.</summary>
/// <param name="change">From the token and its place in the text, counted from 0.</param>
/// <param name="next">Takes the result.</param>
internal sealed class TokenStep(Func<string, int, string> change, Action<string> next) : IDecoderStep
{
    private int _index;

    public void Append(string token) => next(change(token, _index++));

    public void Finish() => _index = 0;
}
