using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The configuration of <c>restem compare-data</c>: one classifier, trained on real and on synthetic texts. Relative paths are relative to the file.</summary>
public sealed record CompareDataConfig
{
    /// <summary>Names the folder of everything that is made, <c>runs/NAME</c>.</summary>
    [RegularExpression(RunConfigRules.NamePattern)]
    public required string Name { get; init; }

    /// <summary>
    /// Configuration of <c>restem train</c> with a base and one stage of problems with labels: the classifier trained on real texts, which is called
    /// <c>real</c>. In all other trainings the problems alone are others.
    /// </summary>
    [Place]
    public required string Train { get; init; }

    /// <summary>What else the classifier is trained on, by name.</summary>
    public required IReadOnlyDictionary<string, ComparedData> Data { get; init; }

    /// <summary>Real texts that every classifier is measured on. Labels that are not said here are those of the training.</summary>
    public required ProblemSource Test { get; init; }

    /// <summary>Seeds that each is trained with. Three or more show what of a difference is the seed's.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>
    /// Hugging Face folder of a model by whose embeddings, the mean of a text's last hidden states, diversity is measured too; empty measures by words alone.
    /// </summary>
    [Place]
    public string Embedder { get; init; } = "";

    /// <summary>Diversity is measured on as many texts of each data set, drawn at random: those of the smallest, and at most these.</summary>
    [Range(2, 100_000)]
    public int DiversityTexts { get; init; } = 500;
}

/// <summary>Texts to train on: of a synthesis, of files, or of several data sets together; one of them.</summary>
public sealed record ComparedData
{
    /// <summary>Configuration of <c>restem synth</c> with the labels of the training. What of it is not made yet is made, in its own run folder.</summary>
    [Place]
    public string Synth { get; init; } = "";

    /// <summary>Texts with labels, made by whatever program.</summary>
    public ProblemSource? Problems { get; init; }

    /// <summary>Data sets that stand before this one, or <c>real</c>: their texts together, each text once.</summary>
    public IReadOnlyList<string> Mix { get; init; } = [];

    /// <summary>How many of the texts to take, drawn at random with the first seed; 0 takes all.</summary>
    [Range(0, int.MaxValue)]
    public int Limit { get; init; }
}
