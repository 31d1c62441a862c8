using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>One token for each printable ASCII character and the line feed, and an end token that has no text.</summary>
internal sealed class CharacterTokenizer : ITokenizer
{
    internal const int EndToken = 0;
    private const int LineFeed = 1;
    private const int Shift = ' ' - 2;

    public int VocabularySize => '~' - Shift + 1;

    public int[] Encode(string text, bool addSpecialTokens) => [.. text.Select(IdOf)];

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            text.Append(TextOf(id));
        }

        return text.ToString();
    }

    public ITextStream CreateDecoder(bool skipSpecialTokens) => new Characters();

    private static int IdOf(char character) => character switch
    {
        '\n' => LineFeed,
        >= ' ' and <= '~' => character - Shift,
        _ => '?' - Shift,
    };

    private static string TextOf(int id) => id switch
    {
        EndToken => "",
        LineFeed => "\n",
        _ => ((char)(id + Shift)).ToString(),
    };

    private sealed class Characters : ITextStream
    {
        public string Append(int id) => TextOf(id);

        public string Finish() => "";
    }
}
