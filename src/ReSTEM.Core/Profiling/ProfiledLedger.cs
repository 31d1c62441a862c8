namespace ReSTEM.Core;

/// <summary>A ledger that tells when it writes.</summary>
internal sealed class ProfiledLedger(IRunLedger ledger, RunProfile profile) : IRunLedger
{
    public ISampleStore Samples { get; } = new SampleStore(ledger.Samples, profile);

    public IKeptStore Kept { get; } = new KeptStore(ledger.Kept, profile);

    public ITrainingStore Training { get; } = new TrainingStore(ledger.Training, profile);

    public IMeasureStore Measures => ledger.Measures;

    public IPhaseStore Phases => ledger.Phases;

    public IFileStore Files => ledger.Files;

    public RunPaths Paths => ledger.Paths;

    private sealed class SampleStore(ISampleStore store, RunProfile profile) : ISampleStore
    {
        public void Begin(DrawId draw, PolicyFingerprint policy) => store.Begin(draw, policy);

        public void Write(DrawId draw, IReadOnlyList<Sample> samples, PhaseBooking? booking)
        {
            using var work = profile.During(Activity.Ledger);
            store.Write(draw, samples, booking);
        }

        public IReadOnlyList<Sample> Read(DrawId draw, string problemId) => store.Read(draw, problemId);

        public IReadOnlyList<int> Indices(DrawId draw, string problemId) => store.Indices(draw, problemId);

        public IReadOnlyList<Sample> Failed(DrawId draw) => store.Failed(draw);

        public SampleCounts Count(DrawId draw) => store.Count(draw);

        public SampleCounts Count(DrawId draw, string problemId) => store.Count(draw, problemId);
    }

    private sealed class KeptStore(IKeptStore store, RunProfile profile) : IKeptStore
    {
        public async Task WriteAsync(int iteration, IAsyncEnumerable<KeptSample> kept, CancellationToken cancellationToken)
        {
            using var work = profile.During(Activity.Ledger);
            await store.WriteAsync(iteration, kept, cancellationToken);
        }

        public IEnumerable<KeptSample> Read(int iteration) => store.Read(iteration);

        public IReadOnlyList<KeptSample> Read(int iteration, string problemId) => store.Read(iteration, problemId);
    }

    private sealed class TrainingStore(ITrainingStore store, RunProfile profile) : ITrainingStore
    {
        public ITrainingSet Stage(int iteration, IEnumerable<TrainingSequence> sequences)
        {
            using var work = profile.During(Activity.Ledger);
            return store.Stage(iteration, sequences);
        }

        public void WriteSteps(int iteration, IReadOnlyList<TrainingStep> steps, PhaseBooking? booking)
        {
            using var work = profile.During(Activity.Ledger);
            store.WriteSteps(iteration, steps, booking);
        }

        public int StepCount(int iteration) => store.StepCount(iteration);

        public IReadOnlyList<TrainingStep> ReadSteps(int iteration) => store.ReadSteps(iteration);

        public void WriteCheckpoint(int iteration, int checkpoint, IReadOnlyList<double> losses, PhaseBooking? booking)
        {
            using var work = profile.During(Activity.Ledger);
            store.WriteCheckpoint(iteration, checkpoint, losses, booking);
        }

        public IReadOnlyList<IReadOnlyList<double>> ReadCheckpoints(int iteration) => store.ReadCheckpoints(iteration);

        public TrainingResult? Read(int iteration) => store.Read(iteration);

        public void Write(int iteration, TrainingResult result) => store.Write(iteration, result);
    }
}
