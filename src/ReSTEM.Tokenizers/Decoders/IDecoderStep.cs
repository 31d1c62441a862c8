namespace ReSTEM.Tokenizers;

/// <summary>One step from tokens to text; hands on what is certain as soon as it is. For one thread.</summary>
internal interface IDecoderStep
{
    void Append(string token);

    /// <summary>Hands on what was held back. The step starts afresh.</summary>
    void Finish();
}
