namespace ReSTEM.Answers;

/// <summary>A final answer found in a completion.</summary>
/// <param name="Text">The answer as written.</param>
/// <param name="Rule">Which rule found it.</param>
/// <param name="Joined">
/// Where several boxes next to each other give the parts of one answer: all of them, separated by commas. Else null.
/// </param>
internal sealed record Extraction(string Text, string Rule, string? Joined = null);
