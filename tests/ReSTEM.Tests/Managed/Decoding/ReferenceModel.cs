using System.Text.Json;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>A published-format model with numbers of an independent float64 implementation beside it.</summary>
internal sealed class ReferenceModel
{
    internal ReferenceModel(string name)
    {
        Weights = ModelFolder.Load(SharedData.PathOf($"models/{name}"));
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf($"models/{name}/expected.json")));
        JsonElement root = document.RootElement;
        Ids = Integers(root.GetProperty("ids"));
        Mask = Integers(root.GetProperty("mask"));
        Greedy = Integers(root.GetProperty("greedy"));
        Loss = root.GetProperty("loss").GetDouble();
        Logits = [.. root.GetProperty("logits").EnumerateArray().Select(row => row.EnumerateArray().Select(item => item.GetSingle()).ToArray())];
    }

    internal ModelWeights Weights { get; }

    internal int[] Ids { get; }

    internal int[] Mask { get; }

    internal int[] Greedy { get; }

    internal double Loss { get; }

    internal float[][] Logits { get; }

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt32())];
}
