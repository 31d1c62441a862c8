using System.CommandLine;
using ReSTEM.Serving;

namespace ReSTEM.Cli;

/// <summary>What <c>restem serve</c> allows its callers, on the command line.</summary>
internal sealed class ServeArguments
{
    private const int UsualPort = 8000; // as vLLM has it
    private const int MostMib = 1024;

    private readonly Option<int> _port = new("--port") { Description = "Where it listens, on 127.0.0.1 alone; 0 takes any port that is free.", DefaultValueFactory = _ => UsualPort };

    private readonly Option<string?> _key = new("--api-key-env") { Description = "Environment variable that holds the key which callers must bring; without it nobody needs one." };

    private readonly Option<int> _waiting = new("--most-waiting")
    {
        Description = "Most completions drawn or waited for at once, and most requests to judge; whoever comes on top gets status 429.",
        DefaultValueFactory = _ => 256,
    };

    private readonly Option<int> _body = new("--body-mib") { Description = "Longest body of a request, MiB.", DefaultValueFactory = _ => 16 };

    private readonly Option<string[]> _load = new("--load-from")
    {
        Description = "Folder from which callers may have models loaded in place of the served one, as the engine remote does (repeatable).",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<long> _seed = InputOutput.Seed();

    internal void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_port, _key, _waiting, _body, _load, _seed])
        {
            verb.Options.Add(option);
        }
    }

    internal int Port(ParseResult parsed) => InputOutput.InRange("--port", parsed.GetValue(_port), 0, ushort.MaxValue);

    /// <exception cref="UsageException">An option cannot be used.</exception>
    internal ServingOptions Read(ParseResult parsed)
    {
        string[] roots = parsed.GetValue(_load)!;
        if (roots.FirstOrDefault(root => !Directory.Exists(root)) is { } missing)
        {
            throw new UsageException($"--load-from is '{missing}', expected a folder.");
        }

        return new ServingOptions
        {
            ApiKey = ApiKeyVariable.Read("--api-key-env", parsed.GetValue(_key)),
            MostWaiting = InputOutput.InRange("--most-waiting", parsed.GetValue(_waiting), 1, 1 << 20),
            MostBodyBytes = InputOutput.InRange("--body-mib", parsed.GetValue(_body), 1, MostMib) << 20,
            LoadRoots = [.. roots.Select(Path.GetFullPath)],
            Seed = (ulong)InputOutput.InRange("--seed", parsed.GetValue(_seed), 0, long.MaxValue),
            Notice = Console.Error.WriteLine,
        };
    }
}
