using System.Text.Json.Nodes;
using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary><c>restem export</c>: which policy it takes of a run, and what it writes.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("0.2 0.5 0.7 0.6", null, 2, "iteration 2 of 3, the best by validation reward")]
    [InlineData("0.2 0.5 0.7 0.6", 3, 3, "iteration 3 of 3")]
    [InlineData("", null, 3, "iteration 3 of 3, the last; no validation reward was measured")]
    public void A_run_gives_its_best_iteration_or_the_one_asked_for(string rewards, int? wanted, int expected, string note)
    {
        string run = Run("m-step", 3, rewards);
        var source = ExportSource.Of(run, wanted);
        Assert.Equal((new RunPaths(run).Policy(expected), note), (source.Folder, source.Note));
    }

    [Fact]
    public void An_iteration_counts_when_its_m_step_is_finished()
    {
        string run = Run("m-step", 2, "");
        Directory.CreateDirectory(new RunPaths(run).Policy(3)); // being written
        Assert.EndsWith(Path.Combine("002", "policy"), ExportSource.Of(run, null).Folder, StringComparison.Ordinal);
        Assert.EndsWith(Path.Combine("001", "policy"), ExportSource.Of(Run("train", 1, ""), null).Folder, StringComparison.Ordinal);
    }

    [Fact]
    public void Earlier_policies_may_be_deleted_and_a_missing_one_is_named()
    {
        string run = Run("m-step", 3, "");
        Directory.Delete(new RunPaths(run).Policy(1));
        Assert.EndsWith(Path.Combine("003", "policy"), ExportSource.Of(run, null).Folder, StringComparison.Ordinal);
        Assert.Contains("is missing, expected the policy of iteration 1", Assert.Throws<InvalidDataException>(() => ExportSource.Of(run, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "", 4, "--iteration is 4, expected 1 to 3")]
    [InlineData(3, "", 0, "--iteration is 0, expected 1 to 3")]
    [InlineData(3, "0.9 0.5 0.7 0.6", null, "the base model has the best validation reward")]
    [InlineData(0, "", null, "has no finished iteration")]
    public void What_a_run_does_not_have_is_refused(int finished, string rewards, int? wanted, string expected)
    {
        string run = Run("m-step", finished, rewards);
        var fault = Assert.ThrowsAny<Exception>(() => ExportSource.Of(run, wanted));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_folders_are_refused()
    {
        Assert.Contains("expected a run folder, a model's or an adapter's", Assert.Throws<InvalidDataException>(() => ExportSource.Of(_scratch.Path, null)).Message, StringComparison.Ordinal);
        Assert.Contains("is not a run folder", Assert.Throws<UsageException>(() => ExportSource.Of(_scratch.Path, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_written_with_its_files_and_the_type_asked_for()
    {
        string model = Model("model", seed: 3);
        File.WriteAllText(Path.Combine(model, "chat_template.jinja"), "{{ messages }}");
        File.WriteAllText(Path.Combine(model, "training.json"), "{}");
        string written = new ModelExport(model, isMerged: false, "bf16").ToFolder(_scratch.File("out"));
        Assert.Equal("a Hugging Face folder in BF16", written);
        Assert.Equal(["chat_template.jinja", "config.json", "model.safetensors"], Directory.GetFiles(_scratch.File("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("bfloat16", JsonNode.Parse(File.ReadAllText(Path.Combine(_scratch.File("out"), "config.json")))!["torch_dtype"]!.ToString());
        Assert.All(
            ModelFolder.Load(model).Tensors[1].Values.Zip(ModelFolder.Load(_scratch.File("out")).Tensors[1].Values),
            pair => Assert.InRange(pair.Second / pair.First, 1 - (1f / 256), 1 + (1f / 256)));
    }

    [Fact]
    public void An_adapter_is_merged_on_demand_into_a_folder_or_a_file()
    {
        var (adapter, merged) = Adapter();
        new ModelExport(adapter, isMerged: true, null).ToFolder(_scratch.File("merged"));
        var written = ModelFolder.Load(_scratch.File("merged"));
        Assert.Equal(merged.Tensors.SelectMany(tensor => tensor.Values), written.Tensors.SelectMany(tensor => tensor.Values));

        new ModelExport(adapter, isMerged: true, "f32").ToFile(_scratch.File("merged.gguf"), hasTokenizer: false);
        Assert.Equal(merged["model.layers.0.mlp.up_proj.weight"].Values, GgufFile.Read(_scratch.File("merged.gguf")).Tensors["blk.0.ffn_up.weight"].Values);
    }

    [Fact]
    public void An_adapter_stays_one_without_merging()
    {
        var (adapter, _) = Adapter();
        string output = _scratch.File("copy");
        new ModelExport(adapter, isMerged: false, null).ToFolder(output);
        Assert.Equal(AdapterFolder.Sha256(adapter), AdapterFolder.Sha256(output));
        Assert.Equal(2, Directory.GetFiles(output).Length);
        Assert.False(Directory.Exists(output + ".partial"));
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        var (adapter, _) = Adapter();
        string model = _scratch.File("base");
        Refused("expected --merge with --format gguf", () => new ModelExport(adapter, isMerged: false, null).ToFile(_scratch.File("x"), hasTokenizer: false));
        Refused("--type is f16, expected none", () => new ModelExport(adapter, isMerged: false, "f16").ToFolder(_scratch.File("x")));
        Refused("--type is q8_0, expected f32, f16, bf16", () => new ModelExport(model, isMerged: false, "q8_0").ToFolder(_scratch.File("x")));
        Refused("--merge is given", () => new ModelExport(model, isMerged: true, null));
        Directory.Delete(model, recursive: true);
        Model("base", seed: 8);
        var fault = Assert.Throws<InvalidDataException>(() => new ModelExport(adapter, isMerged: true, null).ToFolder(_scratch.File("x")));
        Assert.Contains("which " + adapter + " was trained on", fault.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_scratch.File("x")));

        static void Refused(string expected, Func<object> action) =>
            Assert.Contains(expected, Assert.Throws<UsageException>(action).Message, StringComparison.Ordinal);
    }

    private string Model(string name, ulong seed)
    {
        string folder = Directory.CreateDirectory(_scratch.File(name)).FullName;
        FamilyModels.Write(folder, FamilyModels.All.Single(model => model.Name == "llama").Config, seed);
        return folder;
    }

    private (string Folder, ModelWeights Merged) Adapter()
    {
        string model = Model("base", seed: 3);
        using var weights = ModelFolder.Open(model);
        var config = new AdapterConfig { Rank = 2, Alpha = 4, Scale = 2, TargetModules = ["up_proj", "q_proj"] };
        var adapter = Models.Adapter.Create(config, weights.Config, static (_, down) => down.AsSpan().Fill(0.25f));
        foreach (var module in adapter.Modules)
        {
            module.Up.AsSpan().Fill(0.125f);
        }

        AdapterFolder.Save(_scratch.File("adapter"), adapter, model, ModelFolder.WeightsSha256(model));
        return (_scratch.File("adapter"), ModelWeights.Copy(new MergedWeights(weights, adapter)));
    }

    private string Run(string phase, int finished, string rewards)
    {
        string folder = Directory.CreateDirectory(_scratch.File($"run-{phase}")).FullName;
        using var ledger = RunLedger.Open(folder);
        for (int iteration = 1; iteration <= finished; iteration++)
        {
            ledger.Phases.Complete(iteration, phase);
            Directory.CreateDirectory(ledger.Paths.Policy(iteration));
        }

        foreach (var (iteration, reward) in rewards.Split(' ', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            ledger.Measures.Write(iteration, Measure.ValidationReward, double.Parse(reward, System.Globalization.CultureInfo.InvariantCulture));
        }

        return folder;
    }
}
