using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What check prints, and the limits of the machine that it compares needs with.</summary>
internal static class CheckOutput
{
    /// <summary>A line with a name before it.</summary>
    internal static void Line(string name, string value) => Console.WriteLine($"{name,-11} {value}");

    /// <summary>A text as everybody writes numbers.</summary>
    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of a configuration that extends others, where each value was said.</summary>
    internal static void Sources(string path, string[] overrides)
    {
        ConfigSources sources = ConfigFile.SourcesOf(path, overrides);
        if (sources.Files.Count == 1)
        {
            return;
        }

        Line("extends", string.Join(", ", sources.Files.Skip(1)));
        foreach (ConfigValue value in sources.Values)
        {
            Console.WriteLine($"  {value.Path}: {value.Value.ReplaceLineEndings("\\n")}  ({value.Place})");
        }
    }

    /// <summary>The model: what it is, how large, how long.</summary>
    internal static void Model(string name, ModelInfo model)
    {
        Line("model", Text($"{name}: {model.Description}, {model.ParameterCount:N0} parameters, context {model.ContextLength}"));
        Line("tokenizer", Text($"{model.VocabularySize:N0} tokens, end of text {model.EndOfTextId}"));
    }

    /// <summary>The chat's template, and the first prompts token by token with what of their training sequences counts in the loss.</summary>
    internal static void Prompts(ModelInfo model, PromptOptions options, IEnumerable<Problem> problems)
    {
        if (options.Chat is { } chat)
        {
            int end = new ChatFormat(model, options).EndTokenId;
            Line("chat", $"{(chat.Template is { } given ? given.Name : "the model's own template")}, the assistant's turn ends with {model.Show([end])} ({end})");
        }

        foreach (string line in problems.SelectMany(problem => PromptPreview.Lines(model, options, problem)))
        {
            Console.WriteLine($"  {line}");
        }
    }

    /// <summary>The engine: what it is, where it computes, what it promises.</summary>
    internal static void Engine(ChosenEngine chosen)
    {
        EngineDevice[] devices = [.. new[] { chosen.Device, chosen.TrainingDevice }.DistinctBy(device => device.Name)];
        Line("engine", chosen.Engine.Fingerprint.Describe());
        foreach (EngineDevice device in devices)
        {
            string memory = device.MemoryBytes > 0 ? $": {Megabytes(device.FreeBytes)} free of {Megabytes(device.MemoryBytes)}" : ""; // servers keep theirs to themselves
            Line("device", $"{device.Name} ({device.Description}){memory}");
        }

        foreach (string line in EngineLines.Of(chosen.Engine.Fingerprint))
        {
            Line("note", line["note: ".Length..]);
        }
    }

    /// <summary>Memory that is free on each device for what is needed there.</summary>
    /// <exception cref="InvalidOperationException">There is less.</exception>
    internal static void Memory(ChosenEngine chosen, MemoryEstimate? needs, string remedy)
    {
        if (needs is null)
        {
            Line("memory", $"cannot be predicted for {chosen.Engine.Fingerprint.Name}");
            return;
        }

        foreach (DeviceMemory need in DeviceMemory.Of(chosen, needs, remedy))
        {
            Line(need.Name, need.Against(need.Device.FreeBytes));
        }
    }

    /// <summary>Disk space for so many copies of what is trained.</summary>
    /// <exception cref="InvalidOperationException">There is less.</exception>
    internal static void Disk(long bytes)
    {
        string place = Directory.Exists("runs") ? "runs" : ".";
        Line("disk", Compare("disk", Megabytes(bytes), bytes, new DriveInfo(Path.GetFullPath(place)).AvailableFreeSpace, "free some space"));
    }

    /// <summary>What is needed and what there is, in words.</summary>
    /// <exception cref="InvalidOperationException">There is less than is needed.</exception>
    internal static string Compare(string what, string needed, long need, long have, string remedy)
    {
        string text = $"about {needed} needed, {Megabytes(have)} available";
        return need <= have ? text : throw new InvalidOperationException($"{what}: {text}; {remedy}.");
    }

    /// <summary>Bytes for people.</summary>
    internal static string Megabytes(long bytes) => Text($"{bytes / (double)(1 << 20):N0} MiB");
}
