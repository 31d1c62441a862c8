using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Reads real texts with their labels.</summary>
internal static class RealTexts
{
    /// <summary>Rows of problems with labels (<see cref="LabelRowReader"/>); those that no label is most probable for are left out, since they show none.</summary>
    /// <param name="path">JSONL, JSON, CSV or Parquet, gzip or not.</param>
    /// <param name="labels">What a label may be, at least two.</param>
    /// <exception cref="InvalidDataException">A row has no text or no target, or another label; file and line are named.</exception>
    internal static IReadOnlyList<RealText> Read(string path, IEnumerable<string> labels)
    {
        var options = new ProblemReadOptions { Labels = labels.ToDictionary(label => label, StringComparer.Ordinal) };
        return [.. DataFile.Read(path).Rows().Select(row => LabelRowReader.Read(row, options)).Where(problem => HasMajority(problem.Target!))
            .Select(problem => new RealText(problem.Id, problem.Prompt, problem.Target!.HardLabel))];
    }

    private static bool HasMajority(LabelTarget target) => target.Distribution.Count(share => share == target.Distribution.Max()) == 1;
}
