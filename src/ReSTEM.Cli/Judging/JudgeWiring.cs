using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Opens a model that judges.</summary>
internal static class JudgeWiring
{
    private const int DigestShown = 16;

    /// <summary>The judge, and what must be closed behind it.</summary>
    /// <param name="config">Its folder is found from the current one.</param>
    /// <param name="path">Of its keys.</param>
    /// <param name="seed">Keys its answers.</param>
    /// <exception cref="UsageException">Engine or model cannot be used, or settings ask for what the model cannot do.</exception>
    internal static (IVerifier Judge, IAsyncDisposable Model) Open(JudgeConfig config, string path, ulong seed)
    {
        IEngine engine = EngineWiring.Create(config.Engine ?? new EngineConfig(), trains: false).Engine;
        return Given.Read($"{path}.model '{config.Model}'", () =>
        {
            PolicyRef folder = engine.Resolve(config.Model);
            ModelInfo model = engine.Describe(folder);
            JudgeOptions options = OptionsOf(config);
            if (options.Prompt.Chat is not null)
            {
                new ChatFormat(model, options.Prompt).ThrowUnlessUsable();
            }

            if (config.Sampling.MaxTokens >= model.ContextLength)
            {
                throw new InvalidDataException($"sampling.max_tokens is {config.Sampling.MaxTokens}, expected at most {model.ContextLength - 1}: its context has {model.ContextLength} tokens, at least one of them the question's.");
            }

            var policy = new SharedPolicy(engine.Open(folder));
            return ((IVerifier)new ModelJudge(policy, model, Version(config, engine, folder, model, options.Prompt.Chat), options, seed), (IAsyncDisposable)policy);
        });
    }

    private static JudgeOptions OptionsOf(JudgeConfig config) => new()
    {
        Ask = config.Ask,
        Correct = config.Correct,
        Not = config.Not,
        Rounds = config.Rounds,
        Sampling = config.Sampling,
        Prompt = new PromptOptions { Chat = config.Chat ? new ChatOptions() : null },
    };

    /// <summary>Everything that decides what it says, as a digest.</summary>
    private static string Version(JudgeConfig config, IEngine engine, PolicyRef folder, ModelInfo model, ChatOptions? chat)
    {
        RunIdentity identity = RunIdentity.Empty.With(engine.Fingerprint).With("judge", folder, model).With("", Settings.ThatChangeResults(config with { Engine = config.Engine ?? new EngineConfig() }));
        identity = chat is null ? identity : identity.With("chat_template", chat.DigestFor(model));
        return string.Create(CultureInfo.InvariantCulture, $"judge 1 of {config.Rounds} rounds {identity.Digest[..DigestShown]}");
    }
}
