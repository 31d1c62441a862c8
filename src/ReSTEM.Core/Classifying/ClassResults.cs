namespace ReSTEM.Core;

/// <summary>One or two models on problem sets.</summary>
/// <param name="Models">Names, at most two; the second is compared with the first.</param>
/// <param name="Temperatures">Of each model, fitted on the validation problems; empty where there are none.</param>
/// <param name="Sets">In the order of the configuration.</param>
/// <param name="Seed">Keys the resampling.</param>
public sealed record ClassResults(
    IReadOnlyList<string> Models, IReadOnlyList<FittedTemperature> Temperatures, IReadOnlyList<ClassifiedSet> Sets, ulong Seed)
{
    /// <summary>Where resamples of a set are drawn from: the same for all figures and models.</summary>
    public RandomStream RandomOf(ClassifiedSet set) => RandomStream.Of(Seed, RandomPurpose.Bootstrap).At(0, set.Name, 0);
}

/// <summary>Temperatures of a model.</summary>
/// <param name="Hard">With the least cross-entropy to the hard labels of the validation problems.</param>
/// <param name="Soft">With the least cross-entropy to their distributions.</param>
public readonly record struct FittedTemperature(double Hard, double Soft);

/// <summary>A problem set as models classify it.</summary>
/// <param name="Name">In the configuration.</param>
/// <param name="Models">What each model gives, at T = 1.</param>
/// <param name="TargetEntropy">Mean entropy of the targets, in nats: no cross-entropy is lower.</param>
public sealed record ClassifiedSet(string Name, IReadOnlyList<IReadOnlyList<LabelPrediction>> Models, double TargetEntropy)
{
    /// <summary>Names of the labels.</summary>
    public IReadOnlyList<string> Labels => Models[0][0].Target.Labels;

    /// <summary>The figures of a model.</summary>
    /// <param name="model">From 0.</param>
    /// <param name="temperature">T &gt; 0.</param>
    public ClassFigures Figures(int model, double temperature = 1) => new(Models[model], temperature);
}
