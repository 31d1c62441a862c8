namespace ReSTEM.Core;

/// <summary>Who gets the few-shot examples before the problem.</summary>
public enum FewShotUse
{
    /// <summary>Policies that this run has not trained: the base model, and whatever samples in its place. Trained policies and training see the bare problem.</summary>
    Base,

    /// <summary>Every policy, and the training sequences too.</summary>
    Always,
}

/// <summary>How a problem becomes what the model sees.</summary>
public sealed record PromptOptions
{
    /// <summary>Where a template holds the problem.</summary>
    public const string Slot = "{prompt}";

    /// <summary>Text around the problem; holds <c>{prompt}</c> once.</summary>
    public string Template { get; init; } = Slot;

    /// <summary>Worked examples before the problem, in this order; none for a zero-shot prompt.</summary>
    public IReadOnlyList<Problem> FewShot { get; init; } = [];

    /// <summary>Between an example's solution and what follows; between turns of a chat stands what the chat template writes.</summary>
    public string Separator { get; init; } = "\n\n";

    /// <summary>Who sees the examples.</summary>
    public FewShotUse Use { get; init; } = FewShotUse.Base;

    /// <summary>For a model that is talked to through its chat template; null for one that goes on with a text.</summary>
    public ChatOptions? Chat { get; init; }

    /// <summary>The prompt of one problem as a text to go on with.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="isUntrained">Whether the policy that reads it has not been trained by this run: the base model, or a teacher in its place.</param>
    public string Build(Problem problem, bool isUntrained) =>
        string.Concat(Examples(isUntrained).Select(example => Around(example) + example.Solution + Separator)) + Around(problem);

    /// <summary>The prompt of one problem as what was said: an example is a turn of the user and one of the assistant.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="isUntrained">As above.</param>
    public IReadOnlyList<ChatTurn> Turns(Problem problem, bool isUntrained) =>
    [
        .. Chat is { System.Length: > 0 } chat ? [new ChatTurn("system", chat.System)] : Array.Empty<ChatTurn>(),
        .. Examples(isUntrained).SelectMany(example => new[] { new ChatTurn("user", Around(example)), new ChatTurn("assistant", example.Solution) }),
        new ChatTurn("user", Around(problem)),
    ];

    private IReadOnlyList<Problem> Examples(bool isUntrained) => isUntrained || Use is FewShotUse.Always ? FewShot : [];

    private string Around(Problem problem) => Template.Replace(Slot, problem.Prompt, StringComparison.Ordinal);
}
