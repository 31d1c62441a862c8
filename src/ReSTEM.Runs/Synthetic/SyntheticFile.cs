using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Synthetic texts as rows that the task classify reads, each with where it is from.</summary>
public static class SyntheticFile
{
    /// <summary>Name of the file in the run folder.</summary>
    public const string FileName = "synthetic.jsonl";

    /// <summary>Zero-shot, or few-shot where real texts are shown.</summary>
    internal static string WayOf(SynthesisOptions options) => options.Examples is null ? "zero-shot" : "few-shot";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Writes the file: <c>{id, text, labels, target, provenance}</c>, by label and in the order of drawing.</summary>
    /// <param name="path">The file; it appears when it is complete.</param>
    /// <param name="texts">What is kept.</param>
    /// <param name="options">What was asked.</param>
    /// <param name="generator">Who wrote.</param>
    public static void Write(string path, IReadOnlyList<SyntheticText> texts, SynthesisOptions options, PolicyFingerprint generator)
    {
        string[] labels = [.. options.Labels.Select(label => label.Key)];
        string way = WayOf(options);
        var content = new StringBuilder();
        foreach (SyntheticText text in texts)
        {
            DataPrompt prompt = text.Prompt;
            content.Append(JsonSerializer.Serialize(
                new
                {
                    id = FormattableString.Invariant($"{way}/{prompt.Round}/{prompt.Problem.Id}"),
                    text.Text,
                    labels,
                    target = prompt.Label,
                    provenance = new
                    {
                        way,
                        generator = generator.WeightsSha256,
                        engine = generator.Engine.Describe(),
                        options.Seed,
                        prompt.Round,
                        prompt.Number,
                        attributes = prompt.Values.Where(value => value.Key != SynthesisOptions.LabelSlot).ToDictionary(),
                        examples = prompt.ExampleIds,
                    },
                },
                Readable)).Append('\n');
        }

        AtomicFile.WriteText(path, content.ToString());
    }
}
