namespace ReSTEM.Runs;

/// <summary>What is the same for prompts that a reader would call the same.</summary>
internal static class PromptKey
{
    /// <summary>Lower case, runs of white space as one blank.</summary>
    internal static string Of(string prompt) =>
        string.Join(' ', prompt.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
