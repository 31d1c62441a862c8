using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The configuration of <c>restem train</c>: one training run by itself. Relative paths are relative to the file.</summary>
public sealed record TrainConfig
{
    /// <summary>Names the run folder, <c>runs/NAME</c>; the trained model is in its folder <c>model</c>.</summary>
    [RegularExpression(RunConfigRules.NamePattern)]
    public required string Name { get; init; }

    /// <summary>Keys initial weights, data and order.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Hugging Face folder to start from; empty starts from random weights of <see cref="Model"/>.</summary>
    [Place]
    public string Base { get; init; } = "";

    /// <summary>Shape of a model with random weights.</summary>
    public ModelShape? Model { get; init; }

    /// <summary>Tokenizer of a model with random weights, trained on the corpus of the stages.</summary>
    public TokenizerTraining? Tokenizer { get; init; }

    /// <summary>What to train on, one after the other; each begins with a fresh optimizer.</summary>
    public required IReadOnlyList<TrainStage> Stages { get; init; }

    /// <summary>How a problem becomes a prompt, for stages that train on problems.</summary>
    public PromptConfig Prompt { get; init; } = new();

    /// <summary>Model folder that the result must equal bit for bit; empty compares nothing.</summary>
    [Place]
    public string CompareWith { get; init; } = "";

    /// <summary>What computes, and how its work is spread.</summary>
    public EngineConfig Engine { get; init; } = new();
}

/// <summary>Families of decoders that can be trained from random weights.</summary>
public enum ModelFamily
{
    /// <summary>Llama.</summary>
    Llama,

    /// <summary>Qwen2: Llama with biases on queries, keys and values.</summary>
    Qwen2,
}

/// <summary>Shape of a decoder.</summary>
public sealed record ModelShape
{
    /// <summary>Family.</summary>
    public ModelFamily Family { get; init; } = ModelFamily.Llama;

    /// <summary>D, the width of the residual stream.</summary>
    [Range(8, 16384)]
    public required int ModelDim { get; init; }

    /// <summary>L.</summary>
    [Range(1, 1000)]
    public required int Layers { get; init; }

    /// <summary>H; divides <see cref="ModelDim"/>.</summary>
    [Range(1, 1024)]
    public required int Heads { get; init; }

    /// <summary>K; divides <see cref="Heads"/>. 0 takes as many as there are heads.</summary>
    [Range(0, 1024)]
    public int KvHeads { get; init; }

    /// <summary>F, the width inside the gated feed-forward layer.</summary>
    [Range(8, 65536)]
    public required int FeedForwardDim { get; init; }

    /// <summary>Most tokens of prompt and completion together.</summary>
    [Range(8, 1 << 20)]
    public required int ContextLength { get; init; }

    /// <summary>Base of the rotary embedding's wavelengths.</summary>
    [Range(1.0, 1e9)]
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Whether the LM head is the embedding matrix.</summary>
    public bool TiedEmbeddings { get; init; } = true;
}

/// <summary>A byte-level BPE trained on the corpus.</summary>
public sealed record TokenizerTraining
{
    /// <summary>Entries: 256 bytes, one end token, the rest merges.</summary>
    [Range(257, 1 << 20)]
    public required int VocabularySize { get; init; }

    /// <summary>Documents of the first stage's corpus to train on.</summary>
    [Range(1, 10_000_000)]
    public int Documents { get; init; } = 20_000;
}

/// <summary>One stage of training.</summary>
public sealed record TrainStage
{
    /// <summary>Generated text, or else <see cref="Problems"/>.</summary>
    public CorpusConfig? Corpus { get; init; }

    /// <summary>Problems with human solutions, as prompt and completion.</summary>
    public ProblemSource? Problems { get; init; }

    /// <summary>What becomes of a problem that does not fit the model's context with what is to be said; null, which is error, or skip.</summary>
    public LongPrompt? OnLongPrompt { get; init => field = value is LongPrompt.Error ? null : value; }

    /// <summary>Passes over the data.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 1;

    /// <summary>Whether the order is drawn at random in each epoch.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Label smoothing: share of each token's target that is spread evenly over the vocabulary. Absent, or 0, for the tokens themselves.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? LabelSmoothing { get; init; }

    /// <summary>What is minimised; absent the negative log-likelihood, and nothing besides. A confidence is of a reference run here.</summary>
    public ObjectiveOptions? Objective { get; init; }

    /// <summary>Optimizer settings.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();
}

/// <summary>Text from the project's corpus generator; see docs/quickstart.md.</summary>
public sealed record CorpusConfig
{
    /// <summary>Keys the documents; two stages of one recipe need two names.</summary>
    public required string Name { get; init; }

    /// <summary>Documents are drawn until they have this many tokens.</summary>
    [Range(1, 1_000_000_000)]
    public required int Tokens { get; init; }

    /// <summary>Seed of the generator.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>What the documents are.</summary>
    public CorpusStage Mix { get; init; } = CorpusStage.First;
}
