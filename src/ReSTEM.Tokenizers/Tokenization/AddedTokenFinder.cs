using System.Buffers;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Finds added tokens in a text: leftmost first, at one place the longest, none overlapping.</summary>
internal sealed class AddedTokenFinder
{
    private readonly Node _root = new();
    private readonly SearchValues<char> _firstCharacters;

    /// <param name="tokens">The tokens with the text each is found by.</param>
    internal AddedTokenFinder(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        foreach ((string text, AddedToken token) in tokens)
        {
            Node node = _root;
            foreach (char character in text)
            {
                if (!node.Next.TryGetValue(character, out Node? next))
                {
                    node.Next[character] = next = new Node();
                }

                node = next;
            }

            node.Token ??= token;
        }

        _firstCharacters = SearchValues.Create([.. _root.Next.Keys]);
    }

    /// <summary>Cuts a text into the added tokens in it (Token set) and what lies between (Token null); no empty pieces between.</summary>
    internal List<(AddedToken? Token, int Start, int Length)> Split(string text)
    {
        List<(AddedToken? Token, int Start, int Length)> pieces = [];
        int done = 0;
        int position = 0;
        while (position < text.Length)
        {
            int skipped = text.AsSpan(position).IndexOfAny(_firstCharacters);
            if (skipped < 0)
            {
                break;
            }

            position += skipped;
            (AddedToken? token, int length) = LongestAt(text, position);
            if (token is null)
            {
                position++;
                continue;
            }

            int start = position;
            int end = position + length;
            position = end;
            if (token.SingleWord && (EndsWithWord(text.AsSpan(0, start)) || StartsWithWord(text.AsSpan(end))))
            {
                continue;
            }

            if (token.StripsLeft)
            {
                start = Math.Max(text.AsSpan(0, start).TrimEnd().Length, done);
            }

            if (token.StripsRight)
            {
                end = text.Length - text.AsSpan(end).TrimStart().Length;
            }

            if (done < start)
            {
                pieces.Add((null, done, start - done));
            }

            pieces.Add((token, start, end - start));
            done = end;
        }

        if (done < text.Length)
        {
            pieces.Add((null, done, text.Length - done));
        }

        return pieces;
    }

    private (AddedToken? Token, int Length) LongestAt(string text, int start)
    {
        (AddedToken? Token, int Length) found = default;
        Node node = _root;
        for (int i = start; i < text.Length && node.Next.TryGetValue(text[i], out Node? next); i++)
        {
            node = next;
            if (node.Token is not null)
            {
                found = (node.Token, i + 1 - start);
            }
        }

        return found;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune last, out _) == OperationStatus.Done && Characters.IsWord(last);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune first, out _) == OperationStatus.Done && Characters.IsWord(first);

    private sealed class Node
    {
        internal Dictionary<char, Node> Next { get; } = [];

        internal AddedToken? Token { get; set; }
    }
}
