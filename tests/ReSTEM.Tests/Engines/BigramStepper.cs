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
        double loss = 0;
        foreach (var (ids, firstCounted, weight, _) in sequences)
        {
            for (int t = firstCounted; t < ids.Count; t++)
            {
                ReadOnlySpan<float> logits = _weights.After(ids[t - 1]);
                double logSum = Math.Log(logits.ToArray().Sum(logit => Math.Exp(logit)));
                loss += weight * (logSum - logits[ids[t]]);
                for (int id = 0; id < logits.Length; id++)
                {
                    gradient[(ids[t - 1] * logits.Length) + id] += (float)(weight * (Math.Exp(logits[id] - logSum) - (id == ids[t] ? 1 : 0)));
                }
            }
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            _moment[i] = (float)((optimizer.Beta1 * _moment[i]) + gradient[i]);
            _weights.Table[i] -= (float)(learningRate * _moment[i]);
        }

        return new StepResult(loss, Math.Sqrt(gradient.Sum(value => (double)value * value)));
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
