using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A BIG-Bench Hard file. Answers are judged by the benchmark's exact match, so the task is choice even where the answer is a number.
/// The choices are the options listed in the prompt when the target is one of them.
/// </summary>
/// <remarks>Suzgun et al. 2022, arXiv:2210.09261, section 2.</remarks>
internal static class BigBenchHardReader
{
    internal static IEnumerable<Problem> Read(DataRow file)
    {
        if (!file.Has("examples") || file.Element.GetProperty("examples") is not { ValueKind: JsonValueKind.Array } examples)
        {
            throw file.Bad("examples", "missing", "a list of inputs and targets");
        }

        int index = 0;
        foreach (JsonElement example in examples.EnumerateArray())
        {
            DataRow row = file with { Index = index, Element = example };
            if (example.ValueKind != JsonValueKind.Object)
            {
                throw file.Bad($"examples[{index}]", DataRow.Shorten(example.GetRawText()), "an object");
            }

            yield return Read(row, $"examples[{index}]");
            index++;
        }
    }

    private static Problem Read(DataRow row, string place)
    {
        foreach (string field in (string[])["input", "target"])
        {
            if (!row.Has(field))
            {
                throw row.Bad($"{place}.{field}", "missing", "a text");
            }
        }

        string prompt = row.Text("input");
        string target = row.Text("target").Trim();
        List<string> options = ListedOptions(prompt);
        return new Problem
        {
            Id = $"bbh/{row.Stem}/{row.Index}",
            Task = TaskKind.Choice,
            Prompt = prompt,
            Reference = target,
            Choices = options.Contains(target) ? options : [],
            Metadata = new Dictionary<string, string> { ["bbh_task"] = row.Stem },
        };
    }

    /// <summary>The labels after the last "Options:" line: "(A) text" lists "(A)", "- text" lists the text.</summary>
    private static List<string> ListedOptions(string prompt)
    {
        const string Heading = "\nOptions:\n";
        int heading = prompt.LastIndexOf(Heading, StringComparison.Ordinal);
        List<string> options = [];
        foreach (string line in heading < 0 ? [] : prompt[(heading + Heading.Length)..].Split('\n'))
        {
            if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                options.Add(line[2..].Trim());
            }
            else if (line is ['(', >= 'A' and <= 'Z', ')', ..])
            {
                options.Add(line[..3]);
            }
        }

        return options;
    }
}
