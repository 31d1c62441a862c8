namespace ReSTEM.Core;

/// <summary>Progress that begins and ends the phases of a profile.</summary>
internal sealed class ProfiledProgress(ILoopProgress progress, RunProfile profile) : ILoopProgress
{
    public void Started(PhaseStart phase)
    {
        profile.Begin(phase);
        progress.Started(phase);
    }

    public void Advanced(PhaseProgress advance) => progress.Advanced(advance);

    public void Finished(double seconds, string detail)
    {
        profile.End();
        progress.Finished(seconds, detail);
    }

    public void Note(string message) => progress.Note(message);
}
