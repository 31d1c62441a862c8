using System.Text.Json.Nodes;

namespace ReSTEM.Tests;

/// <summary>The plain decoder against the reference numbers of shared/data/models: this is what makes it a reference itself.</summary>
public sealed class PlainDecoderTests
{
    public static TheoryData<string> Published => new(
        "gemma1", "gpt2-bare-names", "gpt2-small", "llama-gqa-rope3", "llama-tied-bf16-sharded", "mistral-window",
        "qwen2-bias-tied", "qwen3-qknorm");

    public static TheoryData<string> Families => new(FamilyModels.All.Select(model => model.Name));

    [DataTheory]
    [MemberData(nameof(Published))]
    public void Logits_and_loss_agree_with_the_published_numbers(string name)
    {
        (PlainDecoder decoder, JsonObject expected) = Open(name);
        int[] ids = Integers(expected["ids"]!);
        double[][] logits = decoder.Logits(ids);
        for (int t = 0; t < ids.Length; t++)
        {
            for (int id = 0; id < logits[t].Length; id++)
            {
                Assert.InRange(logits[t][id] - expected["logits"]![t]![id]!.GetValue<double>(), -1e-5, 1e-5);
            }
        }

        int[] mask = Integers(expected["mask"]!);
        double loss = Enumerable.Range(1, ids.Length - 1).Where(t => mask[t] == 1).Average(t => Loss(logits[t - 1], ids[t]));
        Assert.InRange(loss - expected["loss"]!.GetValue<double>(), -1e-6, 1e-6);
    }

    [DataTheory]
    [MemberData(nameof(Published))]
    public void Greedy_continuation_is_the_published_one(string name)
    {
        (PlainDecoder decoder, JsonObject expected) = Open(name);
        int[] greedy = Integers(expected["greedy"]!);
        List<int> ids = [.. Integers(expected["ids"]!)];
        foreach (int next in greedy)
        {
            double[] logits = decoder.Logits(ids)[^1];
            Assert.Equal(next, Array.IndexOf(logits, logits.Max()));
            ids.Add(next);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Family_models_are_read_back_with_logits_that_tell_tokens_apart(string name)
    {
        JsonObject config = FamilyModels.All.Single(model => model.Name == name).Config;
        using var scratch = new ScratchFolder();
        FamilyModels.Write(scratch.Path, config, seed: 5);
        JsonObject stored = JsonNode.Parse(File.ReadAllText(Path.Combine(scratch.Path, "config.json")))!.AsObject();
        double[][] logits = new PlainDecoder(stored, FamilyModels.Read(scratch.Path)).Logits([.. Enumerable.Range(3, 24)]);
        Assert.All(logits, row =>
        {
            Assert.Equal(config["vocab_size"]!.GetValue<int>(), row.Length);
            Assert.InRange(row.Max() - row.Min(), 3, 60);
        });
    }

    private static (PlainDecoder Decoder, JsonObject Expected) Open(string name)
    {
        string folder = SharedData.PathOf($"models/{name}");
        return (new PlainDecoder(Json("config.json"), FamilyModels.Read(folder)), Json("expected.json"));

        JsonObject Json(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, file)))!.AsObject();
    }

    private static int[] Integers(JsonNode list) => [.. list.AsArray().Select(value => value!.GetValue<int>())];

    // -log softmax(logits)[id]
    private static double Loss(double[] logits, int id)
    {
        double largest = logits.Max();
        return Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) + largest - logits[id];
    }
}
