namespace ReSTEM.Tokenizers;

/// <summary>Texts with a number each, to be found at a place of another text.</summary>
internal sealed class TextTrie
{
    internal const int Root = 0;
    internal const int NoValue = -1;

    private readonly PairTable _children = new(0);
    private readonly List<int> _values = [NoValue];

    /// <summary>Adds a text; one that is there already keeps its number, unless <paramref name="replaces"/>.</summary>
    internal void Add(ReadOnlySpan<char> text, int value, bool replaces = false)
    {
        int node = Root;
        foreach (char character in text)
        {
            if (!_children.TryGet(node, character, out long next))
            {
                next = _values.Count;
                _values.Add(NoValue);
                _children.Set(node, character, next);
            }

            node = (int)next;
        }

        _values[node] = _values[node] == NoValue || replaces ? value : _values[node];
    }

    /// <summary>Goes on from a node by a character; <paramref name="value"/> is the number of the text that ends there.</summary>
    internal bool TryFollow(ref int node, char character, out int value)
    {
        bool found = _children.TryGet(node, character, out long next);
        node = found ? (int)next : node;
        value = found ? _values[node] : NoValue;
        return found;
    }

    /// <summary>The longest of the texts that <paramref name="text"/> begins with: its number and length; (NoValue, 0) for none.</summary>
    internal (int Value, int Length) LongestAt(ReadOnlySpan<char> text)
    {
        (int Value, int Length) longest = (NoValue, 0);
        int node = Root;
        for (int i = 0; i < text.Length && TryFollow(ref node, text[i], out int value); i++)
        {
            longest = value != NoValue ? (value, i + 1) : longest;
        }

        return longest;
    }
}
