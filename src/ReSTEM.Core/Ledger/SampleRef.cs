using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Names one sample of a run, as people type it: <c>2/e-step/gsm8k-17#3</c>, <c>0/evaluation/test/greedy/p4#0</c>.</summary>
/// <param name="Draw">The draw.</param>
/// <param name="ProblemId">The problem.</param>
/// <param name="Index">Which of the problem's samples, from 0.</param>
public readonly record struct SampleRef(DrawId Draw, string ProblemId, int Index)
{
    /// <summary>Reads a name. Ids of problems may hold any character: the draws that there are say where the id begins.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="draws">The draws of the run.</param>
    /// <returns>Null where it names no sample of these draws.</returns>
    public static SampleRef? Parse(string text, IEnumerable<DrawId> draws)
    {
        int hash = text.LastIndexOf('#');
        if (hash < 0 || !int.TryParse(text.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return null;
        }

        string before = text[..hash];
        return draws
            .Select(draw => (Draw: draw, Prefix: Prefix(draw)))
            .Where(entry => before.StartsWith(entry.Prefix, StringComparison.Ordinal) && before.Length > entry.Prefix.Length)
            .OrderByDescending(entry => entry.Prefix.Length)
            .Select(entry => (SampleRef?)new SampleRef(entry.Draw, before[entry.Prefix.Length..], index))
            .FirstOrDefault();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix(Draw)}{ProblemId}#{Index}");

    private static string Prefix(DrawId draw) => string.Create(CultureInfo.InvariantCulture, $"{draw.Iteration}/{draw.Name}/");
}
