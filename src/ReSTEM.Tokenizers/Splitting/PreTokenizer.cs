namespace ReSTEM.Tokenizers;

/// <summary>Cuts normalised text into the pieces that become tokens each on its own.</summary>
/// <param name="steps">Applied one after the other to every piece.</param>
internal sealed class PreTokenizer(IReadOnlyList<IPreTokenizerStep> steps)
{
    /// <summary>Leaves the pieces of a text in <paramref name="text"/>.</summary>
    internal void Split(PieceText text)
    {
        foreach (IPreTokenizerStep step in steps)
        {
            step.Apply(text);
        }
    }
}

/// <summary>One step of a pre-tokenizer: cuts or rewrites the pieces it is given. Safe for several threads, each with a text of its own.</summary>
internal interface IPreTokenizerStep
{
    void Apply(PieceText text);
}
