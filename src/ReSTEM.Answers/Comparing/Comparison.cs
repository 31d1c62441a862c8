namespace ReSTEM.Answers;

/// <summary>Whether two answers are the same, and the rule that decided.</summary>
/// <param name="IsSame">The outcome.</param>
/// <param name="Rule">A kebab-case code; the finding's reason is "equal-" or "differ-" and this.</param>
internal readonly record struct Comparison(bool IsSame, string Rule)
{
    internal static Comparison Same(string rule) => new(true, rule);

    internal static Comparison Different(string rule) => new(false, rule);
}
