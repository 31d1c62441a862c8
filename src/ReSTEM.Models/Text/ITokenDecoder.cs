namespace ReSTEM.Models;

/// <summary>Turns token ids into text, one at a time. For one thread.</summary>
internal interface ITokenDecoder
{
    /// <summary>The text that is certain with this token and was not before; nothing for an id without a token.</summary>
    string Append(int id);

    /// <summary>What is left over at the end. The decoder starts afresh.</summary>
    string Finish();
}
