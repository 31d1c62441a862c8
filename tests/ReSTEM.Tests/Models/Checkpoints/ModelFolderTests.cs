using System.Security.Cryptography;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class ModelFolderTests
{
    [Fact]
    public void Saved_model_loads_with_the_same_weights_and_hash()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("tokenizer.json"), "{}");
        ModelWeights weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2, tied: false));
        string hash = ModelFolder.Save(folder.File("model"), weights, tokenizerFolder: folder.Path);

        ModelWeights read = ModelFolder.Load(folder.File("model"));
        Assert.Equal(weights.Tensors.Select(tensor => tensor.Values), read.Tensors.Select(tensor => tensor.Values));
        byte[] file = File.ReadAllBytes(folder.File("model/model.safetensors"));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), hash);
        Assert.Equal(hash, ModelFolder.WeightsSha256(folder.File("model")));
        Assert.True(File.Exists(folder.File("model/tokenizer.json")));
        Assert.False(Directory.Exists(folder.File("model.partial")));
    }

    [Fact]
    public void Saving_over_another_model_is_refused()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.File("kept"), "");
        ModelWeights weights = TestModels.Random(TestModels.Config());
        Assert.Throws<IOException>(() => ModelFolder.Save(folder.Path, weights, tokenizerFolder: null));
        Assert.True(File.Exists(folder.File("kept")));
    }

    [Fact]
    public void Missing_unexpected_and_mismatched_tensors_are_told_at_once()
    {
        using var folder = new ScratchFolder();
        ModelWeights weights = TestModels.Random(TestModels.Config());
        ModelFolder.Save(folder.File("model"), weights, tokenizerFolder: null);
        SafetensorsWriter.Write(folder.File("model/model.safetensors"), weights.Tensors
            .Where(tensor => tensor.Name != "model.norm.weight")
            .Select(tensor => tensor.Name == "model.layers.0.mlp.up_proj.weight"
                ? new WeightTensor(tensor.Name, [24, 40], tensor.Values)
                : tensor)
            .Append(new WeightTensor("model.extra", [1], [0])));

        var fault = Assert.Throws<InvalidDataException>(() => ModelFolder.Load(folder.File("model")));
        Assert.Contains("3 tensor(s) do not fit", fault.Message, StringComparison.Ordinal);
        Assert.Contains("model.norm.weight is missing, expected [24]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("model.layers.0.mlp.up_proj.weight is [24, 40], expected [40, 24]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("model.extra is unexpected", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tied_head_that_is_stored_too_must_equal_the_embedding()
    {
        using var folder = new ScratchFolder();
        ModelWeights weights = TestModels.Random(TestModels.Config());
        ModelFolder.Save(folder.File("model"), weights, tokenizerFolder: null);
        float[] head = [.. weights["model.embed_tokens.weight"].Values];
        void Write() => SafetensorsWriter.Write(
            folder.File("model/model.safetensors"), [.. weights.Tensors, new WeightTensor("lm_head.weight", [61, 24], head)]);

        Write();
        Assert.Equal(weights.Tensors.Count, ModelFolder.Load(folder.File("model")).Tensors.Count);
        head[5] += 1;
        Write();
        var fault = Assert.Throws<InvalidDataException>(() => ModelFolder.Load(folder.File("model")));
        Assert.Contains("lm_head.weight differs", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_weights_or_configuration_is_refused()
    {
        using var folder = new ScratchFolder();
        Assert.Contains("config.json is missing", Assert.Throws<InvalidDataException>(() => ModelFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
        ModelConfigWriter.Write(folder.Path, TestModels.Config());
        Assert.Contains("model.safetensors is missing", Assert.Throws<InvalidDataException>(() => ModelFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": "../x.safetensors"}}""")]
    [InlineData("""{"weight_map": {"a": "absent.safetensors"}}""")]
    [InlineData("""{"weight_map": {"a": 3}}""")]
    [InlineData("""{"weight_map": {}}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public void Damaged_index_is_refused(string index)
    {
        using var folder = new ScratchFolder();
        ModelConfigWriter.Write(folder.Path, TestModels.Config());
        File.WriteAllText(folder.File("model.safetensors.index.json"), index);
        Assert.Throws<InvalidDataException>(() => ModelFolder.Load(folder.Path));
    }

    [Fact]
    public void A_folder_that_could_not_be_filled_leaves_nothing_and_takes_nothing_of_others()
    {
        using var folder = new ScratchFolder();
        ModelWeights weights = TestModels.Random(TestModels.Config());
        ModelFolder.Save(folder.File("base"), weights, tokenizerFolder: null);
        weights["model.norm.weight"].Values[3] = 1e6f;
        Directory.CreateDirectory(folder.File("out.partial"));
        var fault = Assert.Throws<InvalidDataException>(() => ModelFolder.SaveTrained(folder.File("out"), weights, folder.File("base"), StoredType.F16));
        Assert.Contains("a number of tensor model.norm.weight is 1000000, expected at most 65504 for F16", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["base", "out.partial"], Directory.EnumerateFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [DataFact]
    public void Sharded_half_precision_model_loads()
    {
        ModelWeights weights = ModelFolder.Load(SharedData.PathOf("models/llama-tied-bf16-sharded"));
        Assert.Equal(288 * 64, weights["model.embed_tokens.weight"].Values.Length);
        Assert.Equal(64, ModelFolder.WeightsSha256(SharedData.PathOf("models/llama-tied-bf16-sharded")).Length);
    }
}
