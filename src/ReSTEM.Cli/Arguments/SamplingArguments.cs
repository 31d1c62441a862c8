using System.CommandLine;
using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>The sampling options of the command line.</summary>
internal sealed class SamplingArguments
{
    private readonly Option<double> _temperature = new("--temperature") { Description = "Divides the logits; 0 is greedy.", DefaultValueFactory = _ => 1 };

    private readonly Option<int> _topK = new("--top-k") { Description = "Draw from this many most likely tokens; 0 is all.", DefaultValueFactory = _ => 0 };

    private readonly Option<double> _topP = new("--top-p") { Description = "Draw from the most likely tokens that reach this probability; 1 is all.", DefaultValueFactory = _ => 1 };

    private readonly Option<int> _maxTokens = new("--max-tokens") { Description = "Most tokens drawn.", DefaultValueFactory = _ => 256 };

    private readonly Option<string[]> _stop = new("--stop") { Description = "Text that ends a completion (repeatable).", DefaultValueFactory = _ => [] };

    /// <summary>All of them.</summary>
    internal IReadOnlyList<Option> Options => [_temperature, _topK, _topP, _maxTokens, _stop];

    internal void AddTo(Command verb)
    {
        foreach (Option option in Options)
        {
            verb.Options.Add(option);
        }
    }

    /// <exception cref="UsageException">The options cannot be drawn with.</exception>
    internal SamplingOptions Read(ParseResult parsed)
    {
        var options = new SamplingOptions
        {
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            MaxTokens = InputOutput.InRange("--max-tokens", parsed.GetValue(_maxTokens), 1, 1 << 20),
            Stop = parsed.GetValue(_stop)!,
        };
        return options.Fault() is { } fault
            ? throw new UsageException($"--{fault.Split(' ')[0].Replace('_', '-')} {fault[(fault.IndexOf(' ', StringComparison.Ordinal) + 1)..]}")
            : options;
    }
}
