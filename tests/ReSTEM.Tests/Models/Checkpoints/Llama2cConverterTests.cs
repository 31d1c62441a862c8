using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class Llama2cConverterTests
{
    private const int BeginId = 1;

    [DataFact]
    public async Task Converted_stories260K_continues_and_scores_as_its_reference_says()
    {
        using var folder = new ScratchFolder();
        Llama2cConverter.Convert(SharedData.PathOf("tinymodels/stories260K/stories260K.bin"), folder.File("model"));
        var engine = new ManagedEngine(new EngineOptions { Threads = 1, Slots = 4 });
        using IPolicy policy = engine.Open(engine.Resolve(folder.File("model")));
        using var reference = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("tinymodels/stories260K/reference.json")));

        JsonElement greedy = reference.RootElement.GetProperty("greedy");
        int[] ids = Integers(greedy.GetProperty("ids"));
        var options = new SamplingOptions { Temperature = 0, MaxTokens = ids.Length };
        Completion drawn = (await PolicyUse.DrawAsync(policy, [PolicyUse.Request([BeginId], options)])).Single();
        Assert.Equal(ids, drawn.TokenIds);
        double[] expected = Numbers(greedy.GetProperty("logprobs"));
        Assert.InRange(drawn.LogProbability - expected.Sum(), -1e-3, 1e-3); // 250 values rounded to 1e-6
        AssertScores(policy, [BeginId, .. ids], expected);

        foreach (JsonElement text in reference.RootElement.GetProperty("scored").EnumerateArray())
        {
            AssertScores(policy, Integers(text.GetProperty("ids")), Numbers(text.GetProperty("logprobs")));
        }
    }

    [DataFact]
    public void Last_logits_of_stories260K_are_those_of_the_reference()
    {
        using var folder = new ScratchFolder();
        Llama2cConverter.Convert(SharedData.PathOf("tinymodels/stories260K/stories260K.bin"), folder.File("model"));
        var model = new PackedModel(ModelFolder.Load(folder.File("model")));
        var decoder = new TransformerDecoder(model, maxRows: 200, blockCount: 40);
        float[] row = new float[model.Config.VocabularySize];
        using var reference = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("tinymodels/stories260K/reference.json")));
        foreach (JsonElement text in reference.RootElement.GetProperty("scored").EnumerateArray())
        {
            int[] ids = Integers(text.GetProperty("ids"));
            using KvSequence sequence = KvSequence.TryOpen(decoder.Memory, ids.Length)!;
            sequence.MakeRoom(ids.Length);
            decoder.Forward([.. ids.Select((id, position) => new KvRow(id, position, sequence))]);
            decoder.Logits([ids.Length - 1], row);
            int[] order = [.. Enumerable.Range(0, row.Length).OrderByDescending(id => row[id]).Take(10)];
            JsonElement[] top = [.. text.GetProperty("last_logits_top10").EnumerateArray()];
            Assert.Equal(top.Select(pair => pair[0].GetInt32()), order);
            Assert.All(top, pair => Assert.InRange(row[pair[0].GetInt32()] - pair[1].GetDouble(), -1e-3, 1e-3));
        }
    }

    [DataFact]
    public void Truncated_or_foreign_checkpoint_is_refused()
    {
        using var folder = new ScratchFolder();
        byte[] bytes = File.ReadAllBytes(SharedData.PathOf("tinymodels/stories260K/stories260K.bin"));
        foreach (int length in new[] { 0, 27, 28, 1000, bytes.Length - 1 })
        {
            File.WriteAllBytes(folder.File("cut"), bytes[..length]);
            Assert.Throws<InvalidDataException>(() => Llama2cConverter.Convert(folder.File("cut"), folder.File("model")));
        }

        string other = SharedData.PathOf("tinymodels/stories260K/tok512.bin");
        Assert.Throws<InvalidDataException>(() => Llama2cConverter.Convert(other, folder.File("model")));
        Assert.False(Directory.Exists(folder.File("model")));
    }

    private static void AssertScores(IPolicy policy, int[] ids, double[] expected)
    {
        float[] actual = policy.LogProbabilities([ids], CancellationToken.None).Single();
        Assert.Equal(expected.Length + 1, actual.Length);
        for (int t = 0; t < expected.Length; t++)
        {
            Assert.InRange(actual[t + 1] - expected[t], -1e-4, 1e-4);
        }
    }

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt32())];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];
}
