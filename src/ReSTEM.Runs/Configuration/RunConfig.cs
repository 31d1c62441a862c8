using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The configuration of <c>restem run</c>: one YAML file. Relative paths are relative to that file.</summary>
public sealed record RunConfig
{
    /// <summary>Names the run folder, <c>runs/NAME</c>: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 100 of them.</summary>
    [RegularExpression(RunConfigRules.NamePattern)]
    public required string Name { get; init; }

    /// <summary>Keys every random draw: the same seed gives the same bits.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Hugging Face folder of the base model.</summary>
    [Place]
    public required string Base { get; init; }

    /// <summary>E-step and M-step pairs.</summary>
    [Range(1, 1000)]
    public int Iterations { get; init; } = 3;

    /// <summary>How a problem becomes a prompt.</summary>
    public PromptConfig Prompt { get; init; } = new();

    /// <summary>What is trained on.</summary>
    public required ProblemsConfig Problems { get; init; }

    /// <summary>The E-step.</summary>
    public EStepOptions EStep { get; init; } = new();

    /// <summary>The M-step.</summary>
    public MStepOptions MStep { get; init; } = new();

    /// <summary>The validation reward, which chooses epochs and the best iteration.</summary>
    public ValidationOptions Validation { get; init; } = new();

    /// <summary>Problem sets that are measured and never trained on, by name.</summary>
    public IReadOnlyDictionary<string, EvaluationConfig> Evaluations { get; init; } = new Dictionary<string, EvaluationConfig>();

    /// <summary>Samples per training problem drawn from the last policy to know its train-test gap; 0 leaves it out.</summary>
    [Range(0, 1000)]
    public int TrainGapSamples { get; init; }

    /// <summary>How answers are judged.</summary>
    public VerifierConfig Verifier { get; init; } = new();

    /// <summary>What computes, and how its work is spread.</summary>
    public EngineConfig Engine { get; init; } = new();

    /// <summary>Who draws and judges; absent for the run itself. docs/scale.md.</summary>
    public ExecutorConfig? Executor { get; init; }
}

/// <summary>What is trained on.</summary>
public sealed record ProblemsConfig
{
    /// <summary>The problems of the E-step.</summary>
    public required ProblemSource Train { get; init; }

    /// <summary>The problems that choose epochs and the best iteration; without them the last of each is kept.</summary>
    public ProblemSource? Validation { get; init; }

    /// <summary>What becomes of a prompt that leaves no room in the base model's context; null, which is error, or skip.</summary>
    public LongPrompt? OnLongPrompt { get; init => field = value is LongPrompt.Error ? null : value; }

    /// <summary>Evaluation sets that may share problems with the training problems, by name; a shared problem is an error for all others.</summary>
    public IReadOnlyList<string> AllowOverlap { get; init; } = [];
}

/// <summary>What becomes of a problem whose prompt is too long.</summary>
public enum LongPrompt
{
    /// <summary>The run is refused; the problems are named.</summary>
    Error,

    /// <summary>The problem is left out of its set, and that is said. Which ones are left out is part of the run's identity.</summary>
    Skip,
}

/// <summary>A problem set to measure.</summary>
public sealed record EvaluationConfig
{
    /// <summary>Its problems.</summary>
    public required ProblemSource Problems { get; init; }

    /// <summary>How it is measured.</summary>
    public EvaluationOptions Measure { get; init; } = new();
}

/// <summary>How answers are judged.</summary>
public sealed record VerifierConfig
{
    /// <summary>Largest tolerated share of samples on which the verifier itself fails; a run over it stops.</summary>
    [Range(0.0, 1.0)]
    public double FailureLimit { get; init; } = 0.001;

    /// <summary>
    /// Whether a math completion that neither marks nor states an answer is judged by a number that stands alone in its last sentence;
    /// else it is Unparsable. For rewards off: a policy is to say what its answer is. Verbs without a configuration have it on.
    /// </summary>
    public bool LastNumber { get; init; }

    /// <summary>
    /// Verifiers that judge every sample beside the run's own, by other rules. The run's own decides the reward; how far all agree is reported, and
    /// e_step.agreement leaves out what they do not agree on. Absent for none.
    /// </summary>
    public IReadOnlyList<VerifierVariant>? Annotators { get; init; }

    /// <summary>Mends that a completion may need to become a program; <c>none</c> is how published judges read it.</summary>
    public IReadOnlyList<CodeRepairs> Repairs { get; init; } = [CodeRepairs.All];

    /// <summary>How programs are run.</summary>
    public SandboxConfig Sandbox { get; init; } = new();
}

/// <summary>A verifier with other rules than the run's own; what is absent is as there.</summary>
public sealed record VerifierVariant
{
    /// <summary>Its last_number.</summary>
    public bool? LastNumber { get; init; }

    /// <summary>Its repairs.</summary>
    public IReadOnlyList<CodeRepairs>? Repairs { get; init; }

    /// <summary>A language model that judges instead, in several rounds.</summary>
    public JudgeConfig? Judge { get; init; }
}

/// <summary>A language model that is asked whether a completion is right; each round is an annotator.</summary>
public sealed record JudgeConfig
{
    /// <summary>Hugging Face folder of the model that judges.</summary>
    [Place]
    public required string Model { get; init; }

    /// <summary>What computes it; managed where it is not given.</summary>
    public EngineConfig? Engine { get; init; }

    /// <summary>The question, with slots <c>{prompt}</c>, <c>{completion}</c> and <c>{reference}</c>; of these <c>{completion}</c> must be there.</summary>
    public required string Ask { get; init; }

    /// <summary>Whether the question goes through the model's chat template; else the model goes on with it as a text.</summary>
    public bool Chat { get; init; }

    /// <summary>What an answer begins with that calls the completion right, whatever the case; reasoning and blanks before it aside.</summary>
    public string Correct { get; init; } = "yes";

    /// <summary>What one begins with that calls it wrong. An answer that begins with neither is no annotation.</summary>
    public string Not { get; init; } = "no";

    /// <summary>How often it is asked.</summary>
    [Range(1, 100)]
    public int Rounds { get; init; } = 3;

    /// <summary>How answers are drawn; at temperature 0 all rounds say the same.</summary>
    public SamplingOptions Sampling { get; init; } = new() { MaxTokens = 16 };
}

/// <summary>The sandbox in which programs are judged.</summary>
public sealed record SandboxConfig
{
    /// <summary>Processor time of one run in user mode, seconds on the machine of benchmarks/results; a slower one gets more of its own.</summary>
    [Range(1, 3600)]
    public int CpuSeconds { get; init; } = 5;

    /// <summary>A problem's reference solution raises the limit to this many times what it takes itself; 0 for never.</summary>
    [Range(0, 1000)]
    public int CpuReferenceFactor { get; init; } = 10;

    /// <summary>The most that a reference solution raises the limit to, seconds.</summary>
    [Range(1, 3600)]
    public int CpuSecondsCap { get; init; } = 60;

    /// <summary>Address space of one run, MiB.</summary>
    [Range(64, 1 << 20)]
    public int MemoryMib { get; init; } = 1024;

    /// <summary>What one run may hand back, printed or returned, MiB; a run over it is over a limit, not wrong.</summary>
    [Range(1, 64)]
    public int OutputMib { get; init; } = 8;

    /// <summary>Python packages of the system that programs may import, for example numpy.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>Layers to do without where the machine cannot have them; noted on every verdict.</summary>
    public IReadOnlyList<SandboxLayer> Without { get; init; } = [];
}

/// <summary>A layer of the sandbox that can be done without by name; sandbox/README.md says what each stops.</summary>
public enum SandboxLayer
{
    /// <summary>What bubblewrap makes: file system, network, processes, users of its own.</summary>
    Namespaces,

    /// <summary>The filter of system calls.</summary>
    Seccomp,

    /// <summary>Limits of memory, files, descriptors and threads.</summary>
    Limits,
}

/// <summary>Who runs shards of draws.</summary>
public enum ExecutorName
{
    /// <summary>Processes of this machine.</summary>
    Local,

    /// <summary>Job arrays of Slurm, whose commands are on the PATH; the run folder and everything that the run names are at the same place on all nodes.</summary>
    Slurm,

    /// <summary>Indexed Jobs of Kubernetes through kubectl; the run folder and everything that the run names are at the same place in the containers.</summary>
    Kubernetes,
}

/// <summary>How draws of policies that lie on disk are cut into shards, by problem, and who draws and judges them. No bit depends on it.</summary>
public sealed record ExecutorConfig : IChangesSpeedOnly
{
    /// <summary>Which kind.</summary>
    public ExecutorName Name { get; init; }

    /// <summary>Shards of each draw.</summary>
    [Range(1, 9999)]
    public int Shards { get; init; } = 2;

    /// <summary>Shards under way at once; 0 for 2 with `local`, and for all with the others.</summary>
    [Range(0, 9999)]
    public int Parallel { get; init; }

    /// <summary>How often a shard is started before the run stops.</summary>
    [Range(1, 100)]
    public int Attempts { get; init; } = 3;

    /// <summary>Program and arguments that draw a shard, the path of whose spec is added; without it this program with `shard`.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Options of sbatch, for example `--partition=short`; for `slurm` alone.</summary>
    public IReadOnlyList<string> Sbatch { get; init; } = [];

    /// <summary>A Job of `batch/v1` in JSON, whose first container draws; for `kubernetes` alone.</summary>
    [Place]
    public string Template { get; init; } = "";

    /// <summary>Where Jobs are made; for `kubernetes` alone.</summary>
    [RegularExpression("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")]
    public string Namespace { get; init; } = "default";
}
