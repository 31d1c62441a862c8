namespace ReSTEM.Answers;

/// <summary>A final answer found in a completion.</summary>
/// <param name="Text">The answer as written; of several answers, the list of them; empty when they are too many.</param>
/// <param name="Rule">Which rule found it.</param>
/// <param name="IsSingle">Whether the completion commits to this one answer; else the text is a list of what it gives.</param>
internal sealed record Extraction(string Text, string Rule, bool IsSingle = true);
