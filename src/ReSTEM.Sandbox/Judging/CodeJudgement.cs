using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>What became of one submission, before it is put into a <see cref="Finding"/>.</summary>
internal sealed record CodeJudgement(Verdict Verdict, string Reason)
{
    public static readonly CodeJudgement Passed = new(Verdict.Correct, "all-tests-passed");

    /// <summary>Equal for submissions that gave the same outputs on all inputs; null when not all were seen.</summary>
    public string? AnswerKey { get; init; }

    public IReadOnlyDictionary<string, string> Evidence { get; init; } = new Dictionary<string, string>();

    /// <summary>What the run used and said.</summary>
    public IReadOnlyDictionary<string, string> Measurements { get; init; } = new Dictionary<string, string>();

    /// <summary>Processor time in user mode of the run that is measured: of a program's tests the longest.</summary>
    public TimeSpan UserTime { get; init; }

    /// <summary>The same with one more detail; an empty one is left out.</summary>
    public CodeJudgement With(string name, string value) => value.Length == 0
        ? this
        : this with { Evidence = new Dictionary<string, string>(Evidence) { [name] = value } };

    /// <summary>The same with the number of the failing test, from 0, and its text.</summary>
    public CodeJudgement AtTest(int index, string text) =>
        With("failing_test", index.ToString(CultureInfo.InvariantCulture)).With("test", PyText.Shorten(text, 300));

    /// <summary>The same with what was expected and what came.</summary>
    public CodeJudgement Comparing(string expected, string got) =>
        With("expected", PyText.Shorten(expected, 300)).With("got", PyText.Shorten(got, 300));

    /// <summary>The same with what the run used and said.</summary>
    public CodeJudgement Measured(RunOutcome run)
    {
        var measurements = new Dictionary<string, string>
        {
            ["cpu_ms"] = run.Cpu.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture),
            ["kernel_ms"] = run.KernelTime.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture),
            ["wall_ms"] = run.Wall.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture),
            ["peak_memory_bytes"] = run.PeakMemoryBytes.ToString(CultureInfo.InvariantCulture),
        };
        if (run.StandardError.Trim() is { Length: > 0 } said)
        {
            measurements["stderr"] = said;
        }

        return this with { Measurements = measurements, UserTime = run.UserTime };
    }
}
