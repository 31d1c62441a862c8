namespace ReSTEM.Core;

/// <summary>
/// Judges whether a completion is a text at all, and not its prompt again: Correct with <see cref="Usable"/>, Unparsable with <see cref="Empty"/>,
/// Incorrect with <see cref="Leak"/>.
/// </summary>
/// <param name="options">What is asked.</param>
public sealed class LeakVerifier(SynthesisOptions options) : IVerifier
{
    /// <summary>Reason: a text.</summary>
    public const string Usable = "text";

    /// <summary>Reason: nothing but blanks.</summary>
    public const string Empty = "empty";

    /// <summary>Reason: a line of the prompt, or so many of its words in a row.</summary>
    public const string Leak = "prompt-leak";

    /// <inheritdoc/>
    public string VersionOf(TaskKind task) => "prompt-leak 1";

    /// <inheritdoc/>
    public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        string text = completion.Trim();
        return ValueTask.FromResult(
            text.Length == 0 ? new Finding { Verdict = Verdict.Unparsable, Reason = Empty }
            : Leaked(problem, text) is { } words
                ? new Finding { Verdict = Verdict.Incorrect, Reason = Leak, Answer = text, Evidence = new Dictionary<string, string> { ["leak"] = words } }
            : new Finding { Verdict = Verdict.Correct, Reason = Usable, Answer = text, AnswerKey = TextWords.KeyOf(text) });
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) => TextWords.KeyOf(answer) == TextWords.KeyOf(other);

    /// <summary>The words that the completion repeats; null for none.</summary>
    private string? Leaked(Problem problem, string text)
    {
        string prompt = $"{options.Context}\n{problem.Prompt}"; // in a completion prompt the context is there twice, which changes nothing
        string[] words = TextWords.Of(text);
        string whole = string.Join(' ', words);
        if (whole.Length > 0 && prompt.Split('\n').Any(line => string.Join(' ', TextWords.Of(line)) == whole))
        {
            return whole;
        }

        var runs = Runs(TextWords.Of(prompt)).ToHashSet(StringComparer.Ordinal);
        return Runs(words).FirstOrDefault(runs.Contains);
    }

    private IEnumerable<string> Runs(string[] words) =>
        Enumerable.Range(0, Math.Max(0, words.Length - options.LeakWords + 1)).Select(start => string.Join(' ', words, start, options.LeakWords));
}
