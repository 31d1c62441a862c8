using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using ReSTEM.Runs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReSTEM.Tests;

/// <summary>docs/configuration.md and docs/config.schema.json are what the records say. RESTEM_WRITE_DOCS=1 writes them anew.</summary>
public sealed class ConfigurationDocsTests
{
    private const string Page = "docs/configuration.md";
    private const string Schema = "docs/config.schema.json";
    private static readonly Type[] Roots = [typeof(RunConfig), typeof(TrainConfig), typeof(SweepConfig), typeof(SynthConfig)];

    public static TheoryData<string> Configs => [.. Repository.Files("configs", "*.yaml")];

    [Fact]
    public void The_page_is_current() => Same(Page, ReferencePage.Write());

    [Fact]
    public void The_schema_is_current() => Same(Schema, ConfigSchema.Write());

    [Fact]
    public void Every_key_is_on_the_page_with_a_meaning()
    {
        string page = ReferencePage.Write();
        var rows = Regex.Matches(page, @"^\| `([^`]+)` \| (.+) \| (.+) \| (.*) \|$", RegexOptions.Multiline)
            .GroupBy(row => row.Groups[1].Value).ToDictionary(group => group.Key, group => group.First().Groups[4].Value);
        var sections = Regex.Matches(page, @"^### `([^`]+)`\n\n.*The same keys as \[`([^`]+)`\]", RegexOptions.Multiline)
            .GroupBy(section => section.Groups[1].Value).ToDictionary(group => group.Key, group => group.First().Groups[2].Value);
        foreach (string path in Roots.SelectMany(KeyTree.Of).Select(place => place.Path))
        {
            string shown = path;
            while (!rows.ContainsKey(shown) && sections.FirstOrDefault(section => shown.StartsWith(section.Key + ".", StringComparison.Ordinal)) is { Key: { } group, Value: var first })
            {
                shown = first + shown[group.Length..];
            }

            Assert.True(rows.TryGetValue(shown, out string? meaning), path);
            Assert.False(string.IsNullOrWhiteSpace(meaning), path);
        }

        Assert.DoesNotContain("``", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void Every_shipped_configuration_is_valid_by_the_schema(string file)
    {
        Assert.Empty(Faults(Repository.Read(file)));
        string up = string.Concat(Enumerable.Repeat("../", file.Count(c => c == '/')));
        Assert.StartsWith($"# yaml-language-server: $schema={up}docs/config.schema.json\n", Repository.Read(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: a\nbase: b\nproblems: {train: {files: x.jsonl}}", true)]
    [InlineData("name: a\nbase: b\nproblems: {train: {files: [{path: x.csv, limit: 5}, y.jsonl]}}", true)]
    [InlineData("name: a\nbase: b\nproblems: {train: {files: [x.jsonl]}}\niteratons: 3", false)]
    [InlineData("name: a\nbase: b\nproblems: {train: {files: [x.jsonl]}}\niterations: 0", false)]
    [InlineData("name: a\nbase: b\nproblems: {train: {files: [x.jsonl]}}\ne_step: {keep: sometimes}", false)]
    [InlineData("name: a\nproblems: {train: {files: [x.jsonl]}}", false)]
    [InlineData("name: a\nbase: b\nstages: []\nbatch: 1", false)]
    [InlineData("extends: b.yaml\nm_step: {weights: equal, adapter: }\nevaluations: {test: null}", true)]
    [InlineData("extends: [b.yaml, c.yaml]\nm_step: {weight: equal}", false)]
    [InlineData("name: a\nbase: b.yaml\noverlays: {one: one.yaml, two: {set: [m_step.weights=equal], teacher: one}}\nseeds: [1, 2]", true)]
    [InlineData("name: a\nbase: b.yaml\noverlays: {one: one.yaml}\niterations: 2", false)]
    public void The_schema_takes_what_the_reader_takes(string yaml, bool valid) => Assert.Equal(valid, Faults(yaml).Length == 0);

    private static void Same(string file, string made)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, file);
        if (Environment.GetEnvironmentVariable("RESTEM_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, made);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == made, $"{file} is not what the records say; RESTEM_WRITE_DOCS=1 ./restem test --filter ConfigurationDocs writes it anew.");
    }

    private static string[] Faults(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        JsonElement config = JsonSerializer.SerializeToElement(Json(stream.Documents[0].RootNode));
        var schema = JsonSchema.FromText(ConfigSchema.Write());
        EvaluationResults result = schema.Evaluate(config, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : [.. (result.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}").Append("not valid")];
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, Json(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" or "~" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => JsonValue.Create(flag.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when long.TryParse(text, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when double.TryParse(text, CultureInfo.InvariantCulture, out double number) => JsonValue.Create(number),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}
