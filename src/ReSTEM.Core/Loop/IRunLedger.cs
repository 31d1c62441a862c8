namespace ReSTEM.Core;

/// <summary>What a phase cost, over all starts of the run.</summary>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="Tokens">Tokens drawn or trained on.</param>
public readonly record struct PhaseCost(double Seconds, long Tokens);

/// <summary>The durable memory of a run. Every call that writes is committed, whole or not at all, before it returns.</summary>
public interface IRunLedger
{
    /// <summary>Records which policy a draw samples; every sample of the draw comes from it.</summary>
    /// <exception cref="InvalidDataException">The draw was begun with another policy.</exception>
    void WriteDraw(DrawKey draw, PolicyFingerprint policy);

    /// <summary>Samples of a draw so far, by problem and index.</summary>
    IReadOnlyList<Sample> ReadSamples(DrawKey draw);

    /// <summary>Adds judged samples; one that is there already is replaced (a failed verdict judged again).</summary>
    void WriteSamples(DrawKey draw, IReadOnlyList<Sample> samples);

    /// <summary>Whether a phase was completed.</summary>
    bool IsComplete(int iteration, string phase);

    /// <summary>Marks a phase as completed.</summary>
    void Complete(int iteration, string phase);

    /// <summary>Adds to what a phase cost.</summary>
    void AddCost(int iteration, string phase, PhaseCost cost);

    /// <summary>What each phase of an iteration cost.</summary>
    IReadOnlyDictionary<string, PhaseCost> ReadCosts(int iteration);

    /// <summary>The kept samples of an iteration, in order.</summary>
    IReadOnlyList<KeptSample> ReadKept(int iteration);

    /// <summary>Records what an iteration keeps.</summary>
    void WriteKept(int iteration, IReadOnlyList<KeptSample> kept);

    /// <summary>Records optimizer steps; a step done again after a crash replaces itself.</summary>
    void WriteSteps(int iteration, IReadOnlyList<TrainingStep> steps);

    /// <summary>How many optimizer steps of an iteration are recorded.</summary>
    int StepCount(int iteration);

    /// <summary>What an iteration's training gave; null before it is done.</summary>
    TrainingResult? ReadTraining(int iteration);

    /// <summary>Records what an iteration's training gave.</summary>
    void WriteTraining(int iteration, TrainingResult result);

    /// <summary>Records a named number of an iteration, for reports.</summary>
    void WriteMeasure(int iteration, string name, Estimate value);

    /// <summary>The named numbers of an iteration.</summary>
    IReadOnlyDictionary<string, Estimate> ReadMeasures(int iteration);

    /// <summary>Folder of an iteration's policy, which the trainer writes.</summary>
    string PolicyFolder(int iteration);

    /// <summary>Folder of the trainer's own state in an iteration.</summary>
    string TrainerFolder(int iteration);
}
