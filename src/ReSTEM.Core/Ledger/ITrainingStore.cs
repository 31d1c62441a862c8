namespace ReSTEM.Core;

/// <summary>What was trained, and on what.</summary>
public interface ITrainingStore
{
    /// <summary>Puts training sequences where they take no memory; they are there until the set is disposed of.</summary>
    /// <param name="iteration">From 1; what an earlier start left is replaced.</param>
    /// <param name="sequences">In order; taken one at a time.</param>
    ITrainingSet Stage(int iteration, IEnumerable<TrainingSequence> sequences);

    /// <summary>Records optimizer steps; a step done again after a crash replaces itself.</summary>
    /// <param name="iteration">From 1.</param>
    /// <param name="steps">Any number.</param>
    /// <param name="booking">What they cost; null for nothing.</param>
    void WriteSteps(int iteration, IReadOnlyList<TrainingStep> steps, PhaseBooking? booking = null);

    /// <summary>How many optimizer steps of an iteration are recorded.</summary>
    int StepCount(int iteration);

    /// <summary>The optimizer steps of an iteration, in order.</summary>
    IReadOnlyList<TrainingStep> ReadSteps(int iteration);

    /// <summary>Records how a checkpoint does on an iteration's training sequences; one that is there already is replaced.</summary>
    /// <param name="iteration">From 1.</param>
    /// <param name="checkpoint">From 1.</param>
    /// <param name="losses">Of each sequence in order: mean negative log-likelihood per counted token, in nats; not a number where none counts.</param>
    /// <param name="booking">What it cost; null for nothing.</param>
    void WriteCheckpoint(int iteration, int checkpoint, IReadOnlyList<double> losses, PhaseBooking? booking = null);

    /// <summary>What checkpoints said of an iteration's training sequences, in order; empty where nobody asked.</summary>
    IReadOnlyList<IReadOnlyList<double>> ReadCheckpoints(int iteration);

    /// <summary>What an iteration's training gave; null before it is done.</summary>
    TrainingResult? Read(int iteration);

    /// <summary>Records what an iteration's training gave.</summary>
    void Write(int iteration, TrainingResult result);
}

/// <summary>Training sequences by number, each read when it is asked for.</summary>
public interface ITrainingSet : IReadOnlyList<TrainingSequence>, IDisposable;
