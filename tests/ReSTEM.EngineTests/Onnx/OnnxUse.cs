using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Onnx;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>Short ways to use the engine on ONNX Runtime.</summary>
internal static class OnnxUse
{
    internal static OnnxEngine Engine(int threads = 1, int? slots = null, EngineDtype dtype = EngineDtype.Float32) =>
        (OnnxEngine)new OnnxPlugin(InstalledEngines.OnnxCpu).Open(new EngineSettings { Threads = threads, Slots = slots, Dtype = dtype });

    /// <summary>Logits of all positions of a sequence, as the graph gives them for one piece.</summary>
    internal static float[][] Logits(IWeightSource weights, int[] ids, Adapter? adapter = null, int bits = 0)
    {
        _ = Engine(); // loads the library
        using var session = new DecoderSession(new GraphSource(weights, adapter, OnnxType.Float, bits), new OnnxDevice(null, 1));
        using var buffers = new KvBuffers(session, rows: 1, length: 256);
        using var logits = new LogitsBuffer(ids.Length, weights.Config.VocabularySize);
        long[] places = [.. Enumerable.Range(0, ids.Length).Select(static place => (long)place)];
        buffers.Row(0).Run(new StepInputs([.. ids.Select(static id => (long)id)], places, [ids.Length - 1], places), logits);
        return [.. Enumerable.Range(0, ids.Length).Select(row => logits.Row(row).ToArray())];
    }

    /// <summary>A model of a family in a folder.</summary>
    internal static StoredModel Family(ScratchFolder scratch, string name)
    {
        FamilyModels.Write(scratch.Path, FamilyModels.All.Single(model => model.Name == name).Config, seed: 11);
        return ModelFolder.Open(scratch.Path);
    }

    internal static int[] Ids(int length) => [.. Enumerable.Range(0, length).Select(t => ((t * t * 7) + (3 * t) + 5) % 61)];
}
