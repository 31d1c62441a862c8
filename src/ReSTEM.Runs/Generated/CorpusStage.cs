using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Runs;

/// <summary>The mix of documents in one stage of base training. All shares lie in [0, 1].</summary>
public sealed record CorpusStage
{
    /// <summary>The first stage of the quickstart's recipe: many drills, mostly easy problems.</summary>
    public static CorpusStage First { get; } = new();

    /// <summary>Its second stage: fewer drills, harder problems, some as long as BIG-Bench Hard's.</summary>
    public static CorpusStage Second { get; } = new()
    {
        Drills = 0.20,
        Easy = 0.45,
        Arithmetic = 0.45,
        Word = 0.30,
        Careful = 0.53,
        Slip = 0.22,
        CodeRight = 0.45,
        LongArithmetic = 0.40,
    };

    /// <summary>Documents that are eight right lines of working without a problem.</summary>
    [Range(0.0, 1.0)]
    public double Drills { get; init; } = 0.35;

    /// <summary>Of the problems, those at the easy level; the rest is at the level the quickstart measures.</summary>
    [Range(0.0, 1.0)]
    public double Easy { get; init; } = 0.60;

    /// <summary>Of the problems, arithmetic.</summary>
    [Range(0.0, 1.0)]
    public double Arithmetic { get; init; } = 0.40;

    /// <summary>Of the problems, word problems; the rest is code.</summary>
    [Range(0.0, 1.0)]
    public double Word { get; init; } = 0.35;

    /// <summary>Of the mathematics, solutions with every step right.</summary>
    [Range(0.0, 1.0)]
    public double Careful { get; init; } = 0.60;

    /// <summary>Of the mathematics, solutions with one slip that propagates; the rest is the bare right answer.</summary>
    [Range(0.0, 1.0)]
    public double Slip { get; init; } = 0.20;

    /// <summary>Of the code, functions without a bug; the rest has one.</summary>
    [Range(0.0, 1.0)]
    public double CodeRight { get; init; } = 0.50;

    /// <summary>Of the arithmetic that is not easy, problems with 6 to 8 operands.</summary>
    [Range(0.0, 1.0)]
    public double LongArithmetic { get; init; }
}
