using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>Progress of an evaluation: its phases are named after the models, which only stand where iterations stand in a run.</summary>
/// <param name="progress">Is told.</param>
/// <param name="models">As they were given.</param>
internal sealed class ModelProgress(ILoopProgress progress, IReadOnlyList<string> models) : ILoopProgress
{
    public void Started(PhaseStart phase) => progress.Started(phase with
    {
        Iteration = PhaseStart.OutsideOfRun,
        Name = models.Count > 1 ? $"{models[phase.Iteration]}: {phase.Name}" : phase.Name,
    });

    public void Advanced(PhaseProgress advance) => progress.Advanced(advance);

    public void Finished(double seconds, string detail) => progress.Finished(seconds, detail);

    public void Note(string message) => progress.Note(message);
}
