namespace ReSTEM.Tokenizers;

/// <summary>A token that is found in the text as a whole, before anything is split or merged.</summary>
internal sealed record AddedToken
{
    internal required int Id { get; init; }

    internal required string Content { get; init; }

    /// <summary>Left out of decoded text on request.</summary>
    internal bool Special { get; init; }

    /// <summary>Searched in the normalised text, after the tokens that are searched in the text as given.</summary>
    internal bool Normalized { get; init; }

    /// <summary>Only found where no word character stands beside it.</summary>
    internal bool SingleWord { get; init; }

    /// <summary>Swallows the white space before it.</summary>
    internal bool StripsLeft { get; init; }

    /// <summary>Swallows the white space after it.</summary>
    internal bool StripsRight { get; init; }
}
