namespace ReSTEM.Tokenizers;

/// <summary>The tokens of a tokenizer: those that merging makes, and the added ones.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _modelIds;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _modelLookup;
    private readonly Dictionary<string, AddedToken> _addedByContent = new(StringComparer.Ordinal);
    private readonly string?[] _tokens;
    private readonly HashSet<int> _specialIds = [];

    /// <param name="modelIds">The model's own tokens; ids distinct.</param>
    /// <param name="added">May repeat tokens of the model under the same id.</param>
    internal Vocabulary(Dictionary<string, int> modelIds, IReadOnlyList<AddedToken> added)
    {
        _modelIds = modelIds;
        _modelLookup = modelIds.GetAlternateLookup<ReadOnlySpan<char>>();
        Added = added;
        int highest = Math.Max(modelIds.Values.DefaultIfEmpty(-1).Max(), added.Select(token => token.Id).DefaultIfEmpty(-1).Max());
        _tokens = new string?[highest + 1];
        foreach ((string token, int id) in modelIds)
        {
            _tokens[id] = token;
            LongestToken = Math.Max(LongestToken, token.Length);
        }

        foreach (AddedToken token in added)
        {
            _tokens[token.Id] = token.Content;
            _addedByContent[token.Content] = token;
            if (token.Special)
            {
                _specialIds.Add(token.Id);
            }
        }
    }

    internal IReadOnlyList<AddedToken> Added { get; }

    /// <summary>The tokens of the model, added tokens aside, in no order.</summary>
    internal IReadOnlyCollection<string> ModelTokens => _modelIds.Keys;

    /// <summary>The length of the longest of them.</summary>
    internal int LongestToken { get; }

    /// <summary>Ids lie in [0, Size); some may have no token.</summary>
    internal int Size => _tokens.Length;

    /// <summary>The id of a token of the model, added tokens aside.</summary>
    internal bool TryGetModelId(ReadOnlySpan<char> token, out int id) => _modelLookup.TryGetValue(token, out id);

    /// <summary>The id of any token as it is written in the vocabulary, or null.</summary>
    internal int? IdOf(string token)
    {
        if (_addedByContent.TryGetValue(token, out AddedToken? added))
        {
            return added.Id;
        }

        return _modelIds.TryGetValue(token, out int id) ? id : null;
    }

    /// <summary>The token as it is written in the vocabulary, or null for an id without one.</summary>
    internal string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    internal bool IsSpecial(int id) => _specialIds.Contains(id);
}
