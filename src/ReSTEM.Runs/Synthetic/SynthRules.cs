using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Rules of a synthesis that span several keys.</summary>
public static class SynthRules
{
    /// <summary>Reports every broken rule as (key path, message).</summary>
    public static void Apply(SynthConfig config, Action<string, string> fault)
    {
        RunConfigRules.CheckTemplate(config.Prompt.Template, "prompt.template", fault);
        config.Prompt.Check(fault);
        RunConfigRules.CheckEngine(config.Engine, fault);
        RunConfigRules.CheckSampling(config.Sampling, "sampling", fault);
        CheckPrompt(config.Prompt, fault);
        CheckLabels(config.Labels, fault);
        CheckAttributes(config, fault);
        CheckSlots(config, fault);
        if (config.FewShot is { } examples)
        {
            CheckTemplate("few_shot.template", examples.Template, RealExamples.TextSlot, [], fault);
        }
    }

    private static void CheckPrompt(PromptConfig prompt, Action<string, string> fault)
    {
        if (prompt.FewShot.Length > 0)
        {
            fault("prompt.few_shot", $"prompt.few_shot is '{prompt.FewShot}', expected none: few_shot of the synthesis draws examples anew for each prompt.");
        }

        if (prompt.System is not null)
        {
            fault("prompt.system", "prompt.system is given, expected context, which is what the system says in a chat.");
        }
    }

    private static void CheckLabels(IReadOnlyDictionary<string, string> labels, Action<string, string> fault)
    {
        if (labels.Count < 2)
        {
            fault("labels", $"labels has {labels.Count}, expected at least 2: one label alone classifies nothing.");
        }

        foreach (var twice in labels.GroupBy(label => label.Value).Where(group => group.Count() > 1))
        {
            fault("labels", $"labels {string.Join(" and ", twice.Select(label => label.Key))} are both called '{twice.Key}' in prompts, expected different texts.");
        }

        foreach (string name in labels.Keys.Where(name => string.IsNullOrWhiteSpace(name) || name.Contains('/', StringComparison.Ordinal)))
        {
            fault("labels", $"a label is named '{name}', expected a name without '/'.");
        }
    }

    private static void CheckAttributes(SynthConfig config, Action<string, string> fault)
    {
        string[] taken = [SynthesisOptions.LabelSlot, SynthesisOptions.ExamplesSlot, SynthesisOptions.CompletionSlot];
        for (int i = 0; i < config.Attributes.Count; i++)
        {
            SynthAttribute attribute = config.Attributes[i];
            if (attribute.Values.Count == 0)
            {
                fault($"attributes.{i}.values", $"attributes.{i}.values is empty, expected at least one text.");
            }

            if (taken.Contains(attribute.Name) || config.Attributes.Take(i).Any(other => other.Name == attribute.Name))
            {
                fault($"attributes.{i}.name", $"attributes.{i}.name is {attribute.Name}, which is taken, expected another name.");
            }
        }
    }

    private static void CheckSlots(SynthConfig config, Action<string, string> fault)
    {
        string[] attributes = [.. config.Attributes.Select(attribute => attribute.Name)];
        string[] asked = [SynthesisOptions.LabelSlot, .. attributes];
        CheckTemplate("data_prompt", config.DataPrompt, config.FewShot is null ? null : SynthesisOptions.ExamplesSlot, asked, fault);
        CheckTemplate("text", config.Text, SynthesisOptions.CompletionSlot, asked, fault);
        if (!SlotText.Slots(config.DataPrompt).Contains(SynthesisOptions.LabelSlot))
        {
            fault("data_prompt", "data_prompt does not hold {label}, expected it to: all labels would be asked for in the same way.");
        }

        foreach (string idle in attributes.Where(name => !SlotText.Slots(config.DataPrompt).Contains(name)))
        {
            fault("data_prompt", $"data_prompt does not hold {{{idle}}}, expected every attribute to have an effect.");
        }
    }

    /// <param name="path">Of the key.</param>
    /// <param name="template">Its value.</param>
    /// <param name="once">The slot that it must hold once; null for none.</param>
    /// <param name="others">Slots that it may hold.</param>
    /// <param name="fault">Is told.</param>
    private static void CheckTemplate(string path, string template, string? once, IReadOnlyList<string> others, Action<string, string> fault)
    {
        string[] slots = [.. SlotText.Slots(template)];
        if (once is not null && slots.Count(slot => slot == once) is var count and not 1)
        {
            fault(path, $"{path} holds {{{once}}} {count} times, expected once.");
        }

        string[] known = once is null ? [.. others] : [once, .. others];
        foreach (string unknown in slots.Except(known))
        {
            string also = unknown == SynthesisOptions.ExamplesSlot ? " (examples need few_shot)" : "";
            fault(path, $"{path} holds {{{unknown}}}, expected {string.Join(", ", known.Select(slot => $"{{{slot}}}"))}{also}.");
        }
    }
}
