using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Remembers what it was told, and tells its owner of every start and end of a phase.</summary>
internal sealed class FakeProgress(Action<string> onBoundary) : ILoopProgress
{
    internal List<string> Boundaries { get; } = [];

    internal List<PhaseProgress> Advances { get; } = [];

    internal List<string> Notes { get; } = [];

    public void Started(PhaseStart phase) => Boundary($"start {phase.Iteration} {phase.Name} {phase.Total} {phase.Unit}");

    public void Advanced(PhaseProgress progress) => Advances.Add(progress);

    public void Finished(double seconds, string detail) => Boundary($"end {detail}");

    public void Note(string message) => Notes.Add(message);

    private void Boundary(string text)
    {
        Boundaries.Add(text);
        onBoundary(text);
    }
}
