using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>How a problem becomes a prompt, for verbs that have no configuration.</summary>
internal sealed class PromptArguments
{
    private static readonly PromptConfig Usual = new();

    private readonly Option<string> _template = new("--template") { Description = "Text around the problem; holds {prompt} once; \\n is a line break.", DefaultValueFactory = _ => PromptOptions.Slot };

    private readonly Option<bool> _chat = new("--chat") { Description = "Ask through the model's chat template." };

    private readonly Option<string> _system = new("--system") { Description = "With --chat: what the system says first.", DefaultValueFactory = _ => "" };

    private readonly Option<string> _fewShot = new("--few-shot")
    {
        Description = "Problem file whose first problems, with their solutions, are shown before each problem.",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<int> _fewShotCount = new("--few-shot-count")
    {
        Description = "How many problems of --few-shot are shown.",
        DefaultValueFactory = _ => Usual.FewShotCount,
    };

    /// <summary>All of them.</summary>
    internal IReadOnlyList<Option> Options => [_template, _chat, _system, _fewShot, _fewShotCount];

    internal void AddTo(Command verb)
    {
        foreach (Option option in Options)
        {
            verb.Options.Add(option);
        }
    }

    /// <exception cref="UsageException">An option cannot be used, or has no effect.</exception>
    internal PromptOptions Read(ParseResult parsed)
    {
        string template = parsed.GetValue(_template)!.Replace("\\n", "\n", StringComparison.Ordinal);
        int slots = template.Split(PromptOptions.Slot).Length - 1;
        if (slots != 1)
        {
            throw new UsageException($"--template holds {PromptOptions.Slot} {slots} times, expected once: it is where the problem goes.");
        }

        bool chat = parsed.GetValue(_chat);
        string system = parsed.GetValue(_system)!;
        string fewShot = parsed.GetValue(_fewShot)!;
        if (!chat && system.Length > 0)
        {
            throw new UsageException("--system has no effect without --chat, expected both.");
        }

        if (fewShot.Length == 0 && parsed.GetResult(_fewShotCount) is { Implicit: false })
        {
            throw new UsageException("--few-shot-count has no effect without --few-shot, expected both.");
        }

        var config = new PromptConfig
        {
            Template = template,
            Format = chat ? PromptFormat.Chat : null,
            System = chat ? system : null,
            FewShot = fewShot,
            FewShotCount = InputOutput.InRange("--few-shot-count", parsed.GetValue(_fewShotCount), 1, 1000),
            Use = fewShot.Length > 0 ? FewShotUse.Always : Usual.Use,
        };
        return Given.Read(fewShot.Length > 0 ? $"--few-shot '{fewShot}'" : "", () => config.Read(""));
    }
}
