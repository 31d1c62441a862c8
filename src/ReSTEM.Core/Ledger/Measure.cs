namespace ReSTEM.Core;

/// <summary>A named number of an iteration. The catalogue of all there are: a name is written nowhere else.</summary>
public readonly record struct Measure
{
    private const string EmPrefix = "em/";
    private const string TrainPrefix = "train/";

    private Measure(string name) => Name = name;

    /// <summary>The name in the ledger.</summary>
    public string Name { get; }

    /// <summary>Sampled reward of the policy on the validation problems, in [0, 1].</summary>
    public static Measure ValidationReward { get; } = new("validation/reward");

    /// <summary>Validation reward minus that of the best policy before it, paired by problem.</summary>
    public static Measure ValidationDifference { get; } = new("validation/difference");

    /// <summary>Two-sided p-value of that difference.</summary>
    public static Measure ValidationPValue { get; } = new("validation/p");

    /// <summary>The iteration of the policy that it was compared with.</summary>
    public static Measure ComparedWith { get; } = new("validation/compared_with");

    /// <summary>The iteration whose policy the next E-step samples.</summary>
    public static Measure GoesOnFrom { get; } = new("validation/goes_on_from");

    /// <summary>1 where the run ends after this iteration by its rule, 0 where it goes on.</summary>
    public static Measure StopsHere { get; } = new("validation/stops_here");

    /// <summary>Judged samples of the E-step.</summary>
    public static Measure Samples { get; } = new("e-step/samples");

    /// <summary>Those with reward 1.</summary>
    public static Measure Correct { get; } = new("e-step/correct");

    /// <summary>Those that a limit cut.</summary>
    public static Measure Unfinished { get; } = new("e-step/unfinished");

    /// <summary>Distinct completions kept.</summary>
    public static Measure Kept { get; } = new("e-step/kept");

    /// <summary>Problems with a correct sample.</summary>
    public static Measure Solved { get; } = new("e-step/solved");

    /// <summary>Krippendorff's alpha of the verifiers on the E-step's samples; there only where it is defined.</summary>
    public static Measure PanelAlpha { get; } = new("panel/alpha");

    /// <summary>Mean over samples of the share of verifiers that agree with most.</summary>
    public static Measure PanelAgreement { get; } = new("panel/agreement");

    /// <summary>Samples on which some verifiers say correct and others not.</summary>
    public static Measure PanelDisputed { get; } = new("panel/disputed");

    /// <summary>Samples that were not kept for want of agreement.</summary>
    public static Measure PanelWithheld { get; } = new("panel/withheld");

    /// <summary>Mean over problems of E[log Z], in nats.</summary>
    public static Measure LogZ { get; } = Em("log_z");

    /// <summary>Mean of -log Z over solved problems, in nats.</summary>
    public static Measure Kl { get; } = Em("kl");

    /// <summary>(sum of weights)^2 / sum of squared weights.</summary>
    public static Measure EffectiveSamples { get; } = Em("effective_samples");

    /// <summary>Problems all of whose samples are correct.</summary>
    public static Measure AlwaysSolved { get; } = Em("always_solved");

    /// <summary>Problems with correct and other samples.</summary>
    public static Measure SometimesSolved { get; } = Em("sometimes_solved");

    /// <summary>Problems without a correct sample.</summary>
    public static Measure NeverSolved { get; } = Em("never_solved");

    /// <summary>Problems solved now and not in the E-step before.</summary>
    public static Measure NewlySolved { get; } = Em("newly_solved");

    /// <summary>Problems solved in the E-step before and not now.</summary>
    public static Measure Lost { get; } = Em("lost");

    /// <summary>Predicted gain B, in nats per sample.</summary>
    public static Measure PredictedGain { get; } = Em("predicted_gain");

    /// <summary>Pass@1 of the policy on all training problems.</summary>
    public static Measure TrainReward { get; } = new(TrainPrefix + "pass@1");

    /// <summary>Whether this is one of the EM diagnostics.</summary>
    public bool IsDiagnostic => Name.StartsWith(EmPrefix, StringComparison.Ordinal);

    /// <summary>The name without the group that it belongs to.</summary>
    public string ShortName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>Pass@1 on the training problems of one task, where there are several.</summary>
    public static Measure TrainRewardOf(TaskKind task) => new($"{TrainPrefix}{task.ToString().ToLowerInvariant()}/pass@1");

    /// <summary>A metric on an evaluation set.</summary>
    /// <param name="set">Name of the set.</param>
    /// <param name="metric">One of <see cref="Metric"/>.</param>
    public static Measure Evaluation(string set, string metric) => new($"{set}/{metric}");

    /// <summary>A number that is in the ledger under this name.</summary>
    public static Measure Stored(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static Measure Em(string name) => new(EmPrefix + name);
}

/// <summary>Names of the metrics of an evaluation.</summary>
public static class Metric
{
    /// <summary>Share of problems whose greedy completion is correct.</summary>
    public const string Greedy = "greedy";

    /// <summary>
    /// Of problems with labels, the mean of F1 over the labels, of greedy completions; one that says no label is of none. Each problem has the
    /// value that linearises it, so that intervals and differences are those of a mean.
    /// </summary>
    public const string MacroF1 = "macro_f1";

    /// <summary>
    /// Of problems with distributions over labels, the share of annotators who agree with what is said: the expectation over samples, or the greedy
    /// completion's where none are drawn.
    /// </summary>
    public const string Agreement = "agreement";

    /// <summary>At least one of k samples is correct.</summary>
    public static string PassAt(int k) => $"pass@{k}";

    /// <summary>The majority answer of k samples is correct.</summary>
    public static string MajorityAt(int k) => $"maj@{k}";
}
