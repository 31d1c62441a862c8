using ReSTEM.Core;
using ReSTEM.Runs;
using static ReSTEM.Cli.CheckOutput;

namespace ReSTEM.Cli;

/// <summary>Checks a configuration of <c>restem synth</c>.</summary>
internal static class SynthCheck
{
    private const int PromptsShown = 2;

    /// <exception cref="ConfigException">The configuration or the real texts cannot be used.</exception>
    /// <exception cref="UsageException">The model cannot be used.</exception>
    /// <exception cref="InvalidDataException">A prompt does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">The machine has not what sampling needs.</exception>
    internal static void Run(string path, string[] overrides)
    {
        SynthPlan plan = SynthPlan.Read(path, overrides);
        SynthesisOptions options = plan.Options;
        Line("config", $"{path}: synthesis '{plan.Config.Name}', seed {plan.Config.Seed}, {(options.Examples is null ? "zero-shot" : "few-shot")}");
        Sources(path, overrides);
        Line("labels", string.Join(", ", options.Labels.Select(label => $"{label.Key} ('{label.Value}')")) + Text($", {options.PerLabel:N0} texts each"));
        if (options.Examples is { } examples)
        {
            Line("real texts", string.Join(", ", options.Labels.Select(label => Text($"{label.Key} {examples.Texts.Count(text => text.Label == label.Key):N0}"))) + Text($"; {examples.Count} shown in each prompt"));
        }

        ChosenEngine chosen = EngineWiring.Create(plan.Config.Engine, trains: false);
        Engine(chosen);
        var (generator, model) = Given.Model(chosen.Engine, "generator", plan.GeneratorFolder);
        Model(plan.Config.Generator, model);
        var prompts = DataPrompts.Of(options, 1, [.. options.Labels.Select(_ => options.PerLabel)]);
        var encoded = Core.Prompts.Encode(model, [.. prompts.Select(prompt => prompt.Problem)], options.Prompt, isUntrained: true);
        int longest = encoded.Max(ids => ids.Count), room = model.ContextLength - longest;
        Line("prompts", Text($"longest of the first round {longest} tokens, {room} left for a text (sampling.max_tokens {options.Sampling.MaxTokens})"));
        if (options.Sampling.MaxTokens > room)
        {
            Line("note", Text($"texts after long prompts are cut at the context after {room} tokens, and removed as unfinished"));
        }

        for (int i = 0; i < Math.Min(PromptsShown, prompts.Count); i++)
        {
            Line("prompt", $"{prompts[i].Problem.Id}:\n{model.Show(encoded[i])}");
        }

        var needs = chosen.Engine.MemoryOf(generator, new MemoryUse
        {
            PromptLength = longest,
            CompletionLength = Math.Min(room, options.Sampling.MaxTokens),
            SamplesPerPrompt = 1,
            Optimizer = null,
            Adapter = null,
            Validates = false,
            Mixes = false,
        });
        Line("memory", needs is null || chosen.Device.MemoryBytes == 0 ? $"cannot be predicted for {chosen.Engine.Fingerprint.Name}"
            : Compare("memory", Megabytes(needs.Sampling), needs.Sampling, chosen.Device.FreeBytes, "use fewer slots (engine.slots), shorter texts, or a smaller model"));
        chosen.Engine.Open(generator).Dispose();
        if (TextEmbedder.Of(plan.EmbedderFolder) is { } embedder)
        {
            Line("embedder", $"{plan.Config.Embedder}: {embedder.Description}");
        }
    }
}
