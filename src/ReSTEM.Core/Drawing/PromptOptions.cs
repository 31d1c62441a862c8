namespace ReSTEM.Core;

/// <summary>Who gets the few-shot examples before the problem.</summary>
public enum FewShotUse
{
    /// <summary>Policies that this run has not trained: the base model, and whatever samples in its place. Trained policies and training see the bare problem.</summary>
    Base,

    /// <summary>Every policy, and the training sequences too.</summary>
    Always,
}

/// <summary>How a problem becomes the text that the model sees.</summary>
public sealed record PromptOptions
{
    /// <summary>Where a template holds the problem.</summary>
    public const string Slot = "{prompt}";

    /// <summary>Text around the problem; holds <c>{prompt}</c> once.</summary>
    public string Template { get; init; } = Slot;

    /// <summary>Worked examples before the problem, in this order; none for a zero-shot prompt.</summary>
    public IReadOnlyList<Problem> FewShot { get; init; } = [];

    /// <summary>Between an example's solution and what follows.</summary>
    public string Separator { get; init; } = "\n\n";

    /// <summary>Who sees the examples.</summary>
    public FewShotUse Use { get; init; } = FewShotUse.Base;

    /// <summary>The prompt of one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="isUntrained">Whether the policy that reads it has not been trained by this run: the base model, or a teacher in its place.</param>
    public string Build(Problem problem, bool isUntrained)
    {
        string bare = Template.Replace(Slot, problem.Prompt, StringComparison.Ordinal);
        return isUntrained || Use is FewShotUse.Always
            ? string.Concat(FewShot.Select(Shown)) + bare
            : bare;
    }

    private string Shown(Problem example) =>
        Template.Replace(Slot, example.Prompt, StringComparison.Ordinal) + example.Solution + Separator;
}
