namespace ReSTEM.Answers;

/// <summary>What stands beside a value: a unit of measure, or words for what is counted.</summary>
/// <param name="Words">All of it, in one spelling.</param>
/// <param name="Base">The name without its power: cm of cm^2.</param>
/// <param name="Power">1 to 4; 1 where no such power is written.</param>
internal readonly record struct Unit(string Words, string Base, int Power)
{
    internal static readonly Unit Dollar = Of("dollar");

    internal static Unit Of(string words) => new(words, words, 1);
}
