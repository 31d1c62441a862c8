using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>A comparison of data from where it stands to its end: syntheses, trainings seed by seed, what is measured of texts and models.</summary>
/// <param name="plan">What is compared.</param>
/// <param name="watch">Watches problems being read.</param>
internal sealed class CompareDataRun(CompareDataPlan plan, LoadWatch watch)
{
    /// <summary>Does what is left.</summary>
    /// <exception cref="UsageException">A model cannot be used.</exception>
    /// <exception cref="ConfigException">Synthetic texts cannot be used.</exception>
    /// <exception cref="InvalidDataException">A synthesis or training cannot be finished, or was started with other settings.</exception>
    internal async Task<DataComparison> RunAsync(CancellationToken cancellationToken)
    {
        TextEmbedder? embedder = TextEmbedder.Of(plan.EmbedderFolder); // before any work: a folder that cannot be used is told at once
        var classifiers = new ClassifierTraining(plan, watch);
        await MakeTextsAsync(cancellationToken);
        IReadOnlyList<LabelledTexts> sets = plan.Texts(watch);
        plan.WriteTexts(sets);
        var diversity = new SetDiversity(sets, plan.Config, embedder, cancellationToken);
        var trained = new List<IReadOnlyDictionary<string, TrainedClassifier>>();
        int number = 0, all = sets.Count * plan.Config.Seeds.Count;
        foreach (int seed in plan.Config.Seeds)
        {
            var ofSeed = new Dictionary<string, TrainedClassifier>(StringComparer.Ordinal);
            foreach (LabelledTexts set in sets)
            {
                await Console.Error.WriteLineAsync(CheckOutput.Text($"training {++number} of {all}, {plan.FolderOf(set.Name, seed)}: {set.Problems.Count:N0} texts, seed {seed}"));
                ofSeed.Add(set.Name, await classifiers.TrainAsync(set.Name, seed, cancellationToken));
            }

            trained.Add(ofSeed);
        }

        return new DataComparison(
            plan.Config.Name, plan.Config.Seeds, classifiers.BaseSha256, embedder?.Sha256,
            [.. sets.Select((set, i) => new ComparedSet(
                set, diversity.ByWords[i], diversity.ByEmbeddings[i], diversity.Texts,
                [.. trained.Select(seed => seed[set.Name].Sha256)], new SeededFigures([.. trained.Select(seed => seed[set.Name].Predictions)])))]);
    }

    private async Task MakeTextsAsync(CancellationToken cancellationToken)
    {
        foreach (var synthesis in plan.Syntheses.GroupBy(one => one.Value.Folder))
        {
            await Console.Error.WriteLineAsync($"synthesis {synthesis.Key}, for {string.Join(", ", synthesis.Select(one => one.Key))}");
            await SynthRun.RunAsync(synthesis.First().Value, cancellationToken);
        }
    }
}
