namespace ReSTEM.Core;

/// <summary>What a random number is for. Part of the key, so that no two uses ever share numbers. The values are on disk in every run: never renumber.</summary>
public enum RandomPurpose : uint
{
    /// <summary>Tokens of the E-step.</summary>
    EStep = 1,

    /// <summary>Tokens of evaluations on held-out problems.</summary>
    Evaluation = 2,

    /// <summary>Tokens of validation inside the M-step.</summary>
    Validation = 3,

    /// <summary>Which correct completions are kept under the keep limit.</summary>
    Keep = 4,

    /// <summary>Order of the training sequences.</summary>
    BatchOrder = 5,

    /// <summary>Initial weights.</summary>
    Initialization = 6,

    /// <summary>Which problems a subset takes, and how generated problem sets are drawn.</summary>
    Problems = 7,

    /// <summary>Bootstrap resampling.</summary>
    Bootstrap = 8,

    /// <summary>Base-model training text.</summary>
    Corpus = 9,

    /// <summary>Stand-alone sampling from the command line.</summary>
    Sample = 10,

    /// <summary>Monte-Carlo estimates of maj@k.</summary>
    MajorityVote = 11,

    /// <summary>Tokens of the last policy's draw on the training problems.</summary>
    TrainGap = 12,

    /// <summary>First values of an adapter.</summary>
    Adapter = 13,

    /// <summary>Shares of mixed training sequences.</summary>
    Mixup = 14,

    /// <summary>Prompts and tokens of synthetic texts.</summary>
    Synthesis = 15,

    /// <summary>Answers of a model that judges.</summary>
    Judge = 16,
}
