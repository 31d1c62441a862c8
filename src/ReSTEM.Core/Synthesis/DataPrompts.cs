using System.Globalization;

namespace ReSTEM.Core;

/// <summary>A prompt that asks for one text of a label.</summary>
/// <param name="Problem">The prompt, named <c>LABEL/NUMBER</c>.</param>
/// <param name="Round">From 1.</param>
/// <param name="Number">Among the prompts of its label and round, from 0.</param>
/// <param name="Label">What is asked for.</param>
/// <param name="Values">What stands in the slots: the label as the prompt calls it, the attributes that were drawn.</param>
/// <param name="ExampleIds">The real texts that it shows, in order.</param>
public sealed record DataPrompt(
    Problem Problem, int Round, int Number, string Label, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> ExampleIds);

/// <summary>Makes prompts: each is a function of seed, round, label and number alone.</summary>
public static class DataPrompts
{
    /// <summary>The prompts of a round, number by number and label by label.</summary>
    /// <param name="options">What is asked.</param>
    /// <param name="round">From 1.</param>
    /// <param name="counts">How many for each label, in the order of the labels.</param>
    public static IReadOnlyList<DataPrompt> Of(SynthesisOptions options, int round, IReadOnlyList<int> counts)
    {
        var prompts = new List<DataPrompt>(counts.Sum());
        for (int number = 0; number < counts.Max(); number++)
        {
            for (int label = 0; label < counts.Count; label++)
            {
                if (number < counts[label])
                {
                    prompts.Add(Of(options, round, number, options.Labels[label]));
                }
            }
        }

        return prompts;
    }

    /// <summary>The text that a completion of a prompt gives: blanks around it, and quotation marks around the whole, are left out.</summary>
    public static string TextOf(SynthesisOptions options, DataPrompt prompt, string completion)
    {
        string text = SlotText.Fill(options.Text, new Dictionary<string, string>(prompt.Values) { [SynthesisOptions.CompletionSlot] = completion }).Trim();
        return text is ['"', .., '"'] or ['\u201C', .., '\u201D'] && text[1..^1].IndexOfAny(['"', '\u201C', '\u201D']) < 0 ? text[1..^1].Trim() : text;
    }

    private static DataPrompt Of(SynthesisOptions options, int round, int number, KeyValuePair<string, string> label)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{label.Key}/{number:D6}");
        RandomSequence random = RandomStream.Of(options.Seed, RandomPurpose.Synthesis).At(round, "prompt of " + id, 0).Sequence();
        var values = new Dictionary<string, string> { [SynthesisOptions.LabelSlot] = label.Value };
        foreach (var (name, choices) in options.Attributes)
        {
            values[name] = random.Pick(choices);
        }

        RealText[] shown = options.Examples is { } examples ? Draw(examples, label.Key, random) : [];
        var filled = new Dictionary<string, string>(values);
        if (options.Examples is { } around)
        {
            filled[SynthesisOptions.ExamplesSlot] = string.Join(around.Separator, shown.Select(
                example => SlotText.Fill(around.Template, new Dictionary<string, string> { [RealExamples.TextSlot] = example.Text })));
        }

        string asked = SlotText.Fill(options.DataPrompt, filled);
        string context = options.Prompt.Chat is null && options.Context.Length > 0 ? options.Context + options.Prompt.Separator : "";
        var problem = new Problem { Id = id, Task = TaskKind.Choice, Prompt = context + asked };
        return new DataPrompt(problem, round, number, label.Key, values, [.. shown.Select(example => example.Id)]);
    }

    /// <summary>Different texts of a label, in the order in which they are drawn.</summary>
    private static RealText[] Draw(RealExamples examples, string label, RandomSequence random)
    {
        RealText[] texts = [.. examples.Texts.Where(text => text.Label == label)];
        if (texts.Length < examples.Count)
        {
            throw new ArgumentException($"label '{label}' has {texts.Length} real texts, expected at least {examples.Count} to show.", nameof(examples));
        }

        for (int i = 0; i < examples.Count; i++)
        {
            int other = i + random.Below(texts.Length - i);
            (texts[i], texts[other]) = (texts[other], texts[i]);
        }

        return texts[..examples.Count];
    }
}
