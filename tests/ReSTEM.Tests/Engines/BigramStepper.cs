using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

/// <summary>A second engine's training: gradient descent with momentum on the table.</summary>
internal sealed class BigramStepper(string baseFolder, OptimizerOptions optimizer, BigramEngine engine) : IStepper
{
    private readonly BigramWeights _weights = BigramWeights.Load(baseFolder);
    private readonly float[] _moment = new float[BigramWeights.VocabularySize * BigramWeights.VocabularySize];

    public int ContextLength => BigramWeights.ContextLength;

    public int VocabularySize => BigramWeights.VocabularySize;

    public StepResult Step(IReadOnlyList<WeightedSequence> sequences, int step, double learningRate)
    {
        engine.StepCount++;
        float[] gradient = new float[_moment.Length];
        double loss = 0, mixed = 0;
        for (int index = 0; index < sequences.Count; index++)
        {
            var (ids, firstCounted, weight, _, mixture) = sequences[index];
            for (int t = firstCounted; t < ids.Count; t++)
            {
                loss += Predict(gradient, [(ids[t - 1], 1)], [(ids[t], weight)]);
            }

            for (int n = 0; mixture is { } mix && n < Math.Min(sequences[index - 1].Counted, sequences[index].Counted); n++)
            {
                int first = sequences[index - 1].FirstCounted + n, second = firstCounted + n;
                var before = sequences[index - 1].TokenIds;
                mixed += Predict(
                    gradient, [(before[first - 1], mix.Share), (ids[second - 1], 1 - mix.Share)],
                    [(before[first], mix.FirstWeight), (ids[second], mix.SecondWeight)]);
            }
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            _moment[i] = (float)((optimizer.Beta1 * _moment[i]) + gradient[i]);
            _weights.Table[i] -= (float)(learningRate * _moment[i]);
        }

        return new StepResult(loss, Math.Sqrt(gradient.Sum(value => (double)value * value)), mixed);
    }

    /// <summary>Loss and gradient of predicting weighted tokens from rows of the table in shares.</summary>
    private double Predict(float[] gradient, (int Token, float Share)[] rows, (int Token, float Weight)[] targets)
    {
        double[] logits = new double[BigramWeights.VocabularySize];
        foreach (var (token, share) in rows)
        {
            ReadOnlySpan<float> row = _weights.After(token);
            for (int id = 0; id < logits.Length; id++)
            {
                logits[id] += share * row[id];
            }
        }

        double logSum = Math.Log(logits.Sum(Math.Exp)), weight = targets.Sum(target => (double)target.Weight);
        foreach (var (token, share) in rows)
        {
            for (int id = 0; id < logits.Length; id++)
            {
                double wanted = targets.Where(target => target.Token == id).Sum(target => (double)target.Weight);
                gradient[(token * logits.Length) + id] += (float)(share * ((weight * Math.Exp(logits[id] - logSum)) - wanted));
            }
        }

        return targets.Sum(target => target.Weight * (logSum - logits[target.Token]));
    }

    public void Snapshot(Stream target, SnapshotPart part) =>
        Parts(part).ForEach(numbers => target.Write(MemoryMarshal.AsBytes<float>(numbers)));

    public void Restore(Stream source, SnapshotPart part) =>
        Parts(part).ForEach(numbers => source.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan())));

    public string Export(string folder)
    {
        _weights.Save(folder);
        return _weights.Sha256;
    }

    public IPolicy OpenPolicy() => engine.Open(new BigramWeights([.. _weights.Table]));

    public void Dispose()
    {
    }

    private List<float[]> Parts(SnapshotPart part) => part is SnapshotPart.Weights ? [_weights.Table] : [_moment];
}
