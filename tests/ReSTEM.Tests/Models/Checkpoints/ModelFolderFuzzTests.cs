using System.Text;
using System.Text.Json.Nodes;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>Damaged model folders: opened, or refused in one line that names a file; nothing else, and soon.</summary>
public sealed class ModelFolderFuzzTests
{
    private const int ConfigCount = 40_000;
    private const int WeightCount = 5_000;
    private const int AdapterCount = 2_000;

    private static readonly string[] Swaps =
    [
        "null", "true", "false", "0", "-1", "1", "2", "3", "7", "1e9", "2147483647", "99999999999", "0.5", "1e-300", "\"\"", "[]", "{}", "[1, null]",
        "\"\\ud800\"", "\"default\"", "\"yarn\"", "\"sliding_attention\"", "{\"rope_type\": \"longrope\", \"factor\": 2}", "]", "}", ",",
    ];

    [Fact]
    public void Damaged_configurations()
    {
        var random = RandomStream.Of(4, RandomPurpose.Problems).Sequence();
        int read = 0;
        for (int trial = 0; trial < ConfigCount; trial++)
        {
            var (_, config) = FamilyModels.All[trial % FamilyModels.All.Count];
            byte[] damaged = Encoding.UTF8.GetBytes(Damaged(config, random));
            read += Opens("model/config.json", () => ModelConfigReader.Parse("model/config.json", damaged)) ? 1 : 0;
        }

        Assert.InRange(read, ConfigCount / 50, ConfigCount * 9 / 10); // some damage is none: a key that has no say, a value that is fine too
    }

    [Fact]
    public void Damaged_weights()
    {
        using var scratch = new ScratchFolder();
        var random = RandomStream.Of(5, RandomPurpose.Problems).Sequence();
        int read = 0;
        for (int model = 0; model < 5; model++)
        {
            var (_, config) = FamilyModels.All[model * 6];
            FamilyModels.Write(scratch.Path, config, seed: 1);
            byte[] whole = File.ReadAllBytes(scratch.File("model.safetensors"));
            int headerEnd = 8 + BitConverter.ToInt32(whole);
            string header = Encoding.UTF8.GetString(whole[8..headerEnd]);
            for (int trial = 0; trial < WeightCount / 5; trial++)
            {
                string changed = DamagedText(header, random);
                byte[] text = Encoding.UTF8.GetBytes(changed);
                File.WriteAllBytes(scratch.File("model.safetensors"), [.. BitConverter.GetBytes((long)text.Length), .. text, .. whole[headerEnd..]]);
                read += Opens(scratch.Path, () => ModelFolder.Open(scratch.Path).Dispose()) ? 1 : 0;
            }
        }

        Assert.InRange(read, 1, WeightCount / 2);
    }

    [Fact]
    public void Damaged_adapters()
    {
        using var scratch = new ScratchFolder();
        var random = RandomStream.Of(6, RandomPurpose.Problems).Sequence();
        var model = TestModels.Config();
        var config = new AdapterConfig { Rank = 3, Alpha = 6, Scale = 2, TargetModules = ["q_proj", "down_proj"] };
        string folder = scratch.File("adapter");
        AdapterFolder.Save(folder, Adapter.Create(config, model, static (_, down) => down.AsSpan().Fill(1)), scratch.Path, "none");
        string whole = File.ReadAllText(Path.Combine(folder, AdapterFolder.ConfigName));
        int read = 0;
        for (int trial = 0; trial < AdapterCount; trial++)
        {
            File.WriteAllText(
                Path.Combine(folder, AdapterFolder.ConfigName),
                random.Chance(0.5) ? DamagedText(whole, random) : Damaged(JsonNode.Parse(whole)!.AsObject(), random));
            read += Opens(folder, () => AdapterFolder.Read(folder, model)) ? 1 : 0;
        }

        Assert.InRange(read, AdapterCount / 50, AdapterCount * 9 / 10);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_weight_that_is_no_number_is_told_with_its_place(float value)
    {
        using var scratch = new ScratchFolder();
        var weights = TestModels.Random(TestModels.Config());
        weights["model.layers.1.mlp.down_proj.weight"].Values[77] = value;
        ModelFolder.Save(scratch.File("model"), weights, null);
        string message = Assert.Throws<InvalidDataException>(() => ModelFolder.Load(scratch.File("model"))).Message;
        Assert.Contains("number 77 of tensor model.layers.1.mlp.down_proj.weight is ", message, StringComparison.Ordinal);
        Assert.Contains("expected finite numbers", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch_model.bin", "is a pickle, which can run code when it is read")]
    [InlineData("consolidated.00.pth", "is a pickle, which can run code when it is read")]
    [InlineData("model.gguf", "is a GGUF file: take the safetensors checkpoint")]
    [InlineData("adapter_model.safetensors", "The folder is an adapter")]
    public void What_is_there_in_place_of_weights_is_told(string name, string message)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.File("config.json"), FamilyModels.All[0].Config.ToJsonString());
        File.WriteAllText(scratch.File(name), "x");
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => ModelFolder.Open(scratch.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_is_missing_is_named()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.File("config.json"), FamilyModels.All[0].Config.ToJsonString());
        File.WriteAllText(scratch.File("model.safetensors.index.json"), """{"weight_map": {"a": "model-00001-of-00002.safetensors"}}""");
        string message = Assert.Throws<InvalidDataException>(() => ModelFolder.Open(scratch.Path)).Message;
        Assert.Contains("model-00001-of-00002.safetensors, expected a file of the same folder; 0 of 1 shards are there", message, StringComparison.Ordinal);
    }

    private static bool Opens(string folder, Action open)
    {
        try
        {
            open();
            return true;
        }
        catch (InvalidDataException fault)
        {
            Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
            Assert.Equal(fault.Message.ReplaceLineEndings(" "), fault.Message);
            return false;
        }
    }

    /// <summary>A value exchanged, a key taken away or put elsewhere, or bytes changed.</summary>
    private static string Damaged(JsonObject config, RandomSequence random)
    {
        var changed = config.DeepClone().AsObject();
        for (int faults = random.Below(3); faults >= 0; faults--)
        {
            string key = changed.ElementAt(random.Below(changed.Count)).Key;
            string other = changed.ElementAt(random.Below(changed.Count)).Key;
            switch (random.Below(4))
            {
                case 0 when changed.Count > 1:
                    changed.Remove(key);
                    break;
                case 1:
                    changed[key] = changed[other]?.DeepClone();
                    break;
                case 2:
                    return DamagedText(changed.ToJsonString(), random);
                default:
                    string swap = random.Pick(Swaps);
                    changed[key] = swap is "]" or "}" or "," or "\"\\ud800\"" ? null : JsonNode.Parse(swap);
                    break;
            }
        }

        return changed.ToJsonString();
    }

    /// <summary>A stretch of a text exchanged for something else, or the text cut.</summary>
    private static string DamagedText(string text, RandomSequence random)
    {
        int start = random.Below(text.Length), length = random.Below(Math.Min(12, text.Length - start) + 1);
        return random.Chance(0.1) ? text[..start] : string.Concat(text.AsSpan(0, start), random.Pick(Swaps), text.AsSpan(start + length));
    }
}
