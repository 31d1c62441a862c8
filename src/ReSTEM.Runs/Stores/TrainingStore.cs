using System.Buffers.Binary;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Trainings in the ledger, and what they train on in a file of their iteration.</summary>
internal sealed class TrainingStore(LedgerDatabase database, RunPaths paths) : ITrainingStore
{
    public ITrainingSet Stage(int iteration, IEnumerable<TrainingSequence> sequences) =>
        SequenceFile.Write(paths.Sequences(iteration), sequences);

    public void WriteSteps(int iteration, IReadOnlyList<TrainingStep> steps, PhaseBooking? booking = null) => database.Write(connection =>
    {
        using var command = connection.Command(
            "INSERT OR REPLACE INTO steps (iteration, step, step_count, epoch, loss, gradient_norm, learning_rate, tokens) " +
            "VALUES ($0, $1, $2, $3, $4, $5, $6, $7)",
            new object?[8]);
        using var mixups = connection.Command("INSERT OR REPLACE INTO mixups (iteration, step, loss) VALUES ($0, $1, $2)", new object?[3]);
        foreach (TrainingStep step in steps)
        {
            command.Execute(
                iteration, step.Step, step.StepCount, step.Epoch, step.Loss, step.GradientNorm, step.LearningRate, step.Tokens);
            if (step.Mixup is { } mixup)
            {
                mixups.Execute(iteration, step.Step, mixup);
            }
        }

        CostRow.Add(connection, booking);
    });

    public int StepCount(int iteration) =>
        database.Rows("SELECT COUNT(*) FROM steps WHERE iteration = $0", row => row.GetInt32(0), iteration)[0];

    public IReadOnlyList<TrainingStep> ReadSteps(int iteration) => database.Rows(
        "SELECT steps.step, step_count, epoch, steps.loss, gradient_norm, learning_rate, tokens, mixups.loss FROM steps " +
        "LEFT JOIN mixups ON mixups.iteration = steps.iteration AND mixups.step = steps.step WHERE steps.iteration = $0 ORDER BY steps.step",
        row => new TrainingStep(
            row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetInt32(6),
            row.IsDBNull(7) ? null : row.GetDouble(7)),
        iteration);

    public void WriteCheckpoint(int iteration, int checkpoint, IReadOnlyList<double> losses, PhaseBooking? booking = null) => database.Write(connection =>
    {
        byte[] bytes = new byte[losses.Count * sizeof(double)];
        for (int index = 0; index < losses.Count; index++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(index * sizeof(double)), losses[index]);
        }

        using var command = connection.Command(
            "INSERT OR REPLACE INTO checkpoints (iteration, checkpoint, losses) VALUES ($0, $1, $2)", iteration, checkpoint, bytes);
        command.ExecuteNonQuery();
        CostRow.Add(connection, booking);
    });

    public IReadOnlyList<IReadOnlyList<double>> ReadCheckpoints(int iteration) => database.Rows(
        "SELECT losses FROM checkpoints WHERE iteration = $0 ORDER BY checkpoint",
        IReadOnlyList<double> (row) => Numbers((byte[])row.GetValue(0)),
        iteration);

    public TrainingResult? Read(int iteration) => database.Rows(
        "SELECT steps, chosen_epoch, measures, tokens, final_loss, weights_sha256 FROM trainings WHERE iteration = $0",
        row => new TrainingResult(
            row.GetInt32(0), row.GetInt32(1), JsonSerializer.Deserialize<double[]>(row.GetString(2))!, row.GetInt64(3),
            row.GetDouble(4), row.GetString(5)),
        iteration).SingleOrDefault();

    public void Write(int iteration, TrainingResult result) => database.Write(
        "INSERT OR REPLACE INTO trainings (iteration, steps, chosen_epoch, measures, tokens, final_loss, weights_sha256) " +
        "VALUES ($0, $1, $2, $3, $4, $5, $6)",
        iteration, result.Steps, result.ChosenEpoch, JsonSerializer.Serialize(result.Measures), result.Tokens, result.FinalLoss,
        result.WeightsSha256);

    private static double[] Numbers(byte[] bytes) =>
        [.. Enumerable.Range(0, bytes.Length / sizeof(double)).Select(index => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(index * sizeof(double))))];
}
