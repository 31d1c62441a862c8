namespace ReSTEM.Tokenizers;

/// <summary>Puts one character in another's place, as Metaspace does with blanks.</summary>
internal sealed class ReplaceStep(char old, char replacement) : IPreTokenizerStep
{
    public void Apply(PieceText text)
    {
        foreach ((int Start, int Length) place in text.Pieces)
        {
            text[place].Replace(text.WriteRoom(place.Length), old, replacement);
        }

        text.Rewritten();
    }
}
