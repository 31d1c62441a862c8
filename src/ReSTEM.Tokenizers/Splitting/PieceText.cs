namespace ReSTEM.Tokenizers;

/// <summary>A text on its way to tokens: the pieces it is cut into, and buffers for the next step's. For one thread; used again and again.</summary>
internal sealed class PieceText
{
    /// <summary>Buffers that one long text made larger than this are given back.</summary>
    private const int MostKept = 1 << 18;

    private char[] _characters = [];
    private char[] _nextCharacters = [];
    private List<(int Start, int Length)> _nextPieces = [];
    private int _written;
    private bool _isRewritten;

    /// <summary>The pieces, in order, none empty.</summary>
    internal List<(int Start, int Length)> Pieces { get; private set; } = [];

    /// <summary>For a splitter's own use.</summary>
    internal List<(int Start, int Length)> Matches { get; private set; } = [];

    /// <summary>Whether the first piece begins the whole text that is encoded.</summary>
    internal bool BeginsText { get; private set; }

    internal ReadOnlySpan<char> this[(int Start, int Length) piece] => _characters.AsSpan(piece.Start, piece.Length);

    /// <summary>Takes in a text as one piece.</summary>
    internal void Begin(ReadOnlySpan<char> text, bool beginsText)
    {
        Room(ref _characters, text.Length);
        text.CopyTo(_characters);
        Pieces.Clear();
        BeginsText = beginsText;
        if (text.Length > 0)
        {
            Pieces.Add((0, text.Length));
        }
    }

    /// <summary>Cuts every piece further.</summary>
    internal void Cut(TextSplitter splitter)
    {
        _nextPieces.Clear();
        foreach ((int start, int length) in Pieces)
        {
            splitter.Split(_characters.AsSpan(start, length), start, _nextPieces, Matches);
        }

        BeginsText &= _nextPieces.Count > 0 && Pieces[0].Start == _nextPieces[0].Start;
        (Pieces, _nextPieces) = (_nextPieces, Pieces);
    }

    /// <summary>Adds a piece of new characters, to stand where the present pieces do after <see cref="Rewritten"/>.</summary>
    internal void Write(ReadOnlySpan<char> before, ReadOnlySpan<char> piece)
    {
        Span<char> target = WriteRoom(before.Length + piece.Length);
        before.CopyTo(target);
        piece.CopyTo(target[before.Length..]);
    }

    /// <summary>The same, for characters that are filled in after the call.</summary>
    internal Span<char> WriteRoom(int length)
    {
        if (!_isRewritten)
        {
            (_isRewritten, _written) = (true, 0);
            _nextPieces.Clear();
        }

        Room(ref _nextCharacters, _written + length);
        _nextPieces.Add((_written, length));
        _written += length;
        return _nextCharacters.AsSpan(_written - length, length);
    }

    /// <summary>Puts the written pieces in place of the present ones.</summary>
    internal void Rewritten()
    {
        if (_isRewritten)
        {
            (_characters, _nextCharacters) = (_nextCharacters, _characters);
            (Pieces, _nextPieces) = (_nextPieces, Pieces);
            _isRewritten = false;
        }
    }

    /// <summary>Lets go of what only an unusually long text needed.</summary>
    internal void Trim()
    {
        (_characters, _nextCharacters) = (_characters.Length > MostKept ? [] : _characters, _nextCharacters.Length > MostKept ? [] : _nextCharacters);
        (Pieces, _nextPieces, Matches) = (Kept(Pieces), Kept(_nextPieces), Kept(Matches));

        static List<(int Start, int Length)> Kept(List<(int Start, int Length)> list) => list.Capacity > MostKept ? [] : list;
    }

    private static void Room(ref char[] characters, int length)
    {
        if (characters.Length < length)
        {
            Array.Resize(ref characters, Math.Max(length, Math.Min(2 * characters.Length, Array.MaxLength)));
        }
    }
}
