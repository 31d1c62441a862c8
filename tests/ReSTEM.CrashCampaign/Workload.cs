using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ReSTEM.IntegrationTests;
using ReSTEM.Runs;

namespace ReSTEM.CrashCampaign;

/// <summary>A small run of the quickstart's model on files of its own, in a folder of its own, so that every input can be changed.</summary>
/// <param name="checkout">Root of the sources, with the program built.</param>
/// <param name="folder">Where all of it goes; made anew.</param>
internal sealed class Workload(string checkout, string folder)
{
    internal const string Name = "run";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The run folder.</summary>
    internal string Run => Path.Combine(folder, "runs", Name);

    /// <summary>Anything in the folder.</summary>
    internal string At(params string[] names) => Path.Combine([folder, .. names]);

    /// <summary>Writes configuration, problems and model.</summary>
    internal Workload Prepare()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(At("model"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(checkout, "configs", "quickstart", "base")))
        {
            File.Copy(file, At("model", Path.GetFileName(file)));
        }

        WriteProblems("train", ProblemSplit.Train, 16);
        WriteProblems("validation", ProblemSplit.Validation, 5);
        WriteProblems("test", ProblemSplit.Test, 6);
        WriteProblems("shots", ProblemSplit.Train, 18);
        File.WriteAllText(At("config.yaml"), $$$"""
            name: {{{Name}}}
            seed: 3
            base: model
            iterations: 2
            prompt: {template: "{prompt}\n", few_shot: shots.jsonl, few_shot_count: 1, use: base}
            problems:
              train: {files: [train.jsonl]}
              validation: {files: [validation.jsonl]}
              allow_overlap: []
            e_step: {samples: 4, sampling: {temperature: 0.7, top_k: 40, max_tokens: 60}}
            m_step: {epochs: 2, optimizer: {batch_sequences: 4, commit_seconds: 0}}
            validation: {samples: 1, sampling: {temperature: 0.7, top_k: 40, max_tokens: 60}}
            evaluations:
              test:
                problems: {files: [test.jsonl]}
                measure: {samples: 2, k: [1, 2], sampling: {temperature: 0.7, top_k: 40, max_tokens: 60}}

            """);
        return this;
    }

    /// <summary>A copy of a prepared folder, with or without its run.</summary>
    internal Workload CopyOf(Workload other)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (string file in Directory.EnumerateFiles(other.At(), "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(other.At(), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return this;
    }

    /// <summary>Starts the run, or goes on with it, and waits until it ends or is killed.</summary>
    /// <param name="environment">In addition.</param>
    /// <param name="killAfter">Kills it then; null never.</param>
    internal Outcome Start(IReadOnlyDictionary<string, string>? environment = null, TimeSpan? killAfter = null)
    {
        string program = Path.Combine(checkout, "artifacts", "bin", "ReSTEM.Cli", "release", "restem");
        string[] arguments = ["run", "config.yaml", "--json", "--set", "engine.threads=1"];
        var clock = Stopwatch.StartNew();
        if (environment is null && killAfter is null)
        {
            var (exitCode, told, errorText) = WarmProgram.Run(program, folder, [], arguments);
            return new Outcome(exitCode, told, errorText, clock.Elapsed);
        }

        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(killAfter ?? Patience))
        {
            process.Kill();
            process.WaitForExit();
        }

        return new Outcome(process.ExitCode, output.Result, errors.Result, clock.Elapsed);
    }

    /// <summary>What must not depend on how the run was disturbed: digest, tokens, weights.</summary>
    internal string Bits(string json)
    {
        using var summary = JsonDocument.Parse(json);
        var tokens = summary.RootElement.GetProperty("iterations").EnumerateArray().Select(iteration => iteration.GetProperty("tokens").GetRawText());
        var files = Directory.EnumerateFiles(Path.Combine(Run, "iterations"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(Run, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}");
        return string.Join('\n', [summary.RootElement.GetProperty("digest").GetString()!, .. tokens, .. files]);
    }

    private void WriteProblems(string name, ProblemSplit split, int count)
    {
        var problems = GeneratedProblems.Create([GeneratedKind.Arithmetic], split, count, 2, new GeneratorOptions { Level = ProblemLevel.Easy });
        File.WriteAllLines(At($"{name}.jsonl"), problems.Skip(name == "shots" ? count - 1 : 0).Select(problem => JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["id"] = $"{name}-{problem.Id}",
            ["task"] = "math",
            ["prompt"] = problem.Prompt,
            ["answer"] = problem.Reference,
            ["solution"] = problem.Solution,
        })));
    }
}

/// <summary>How a start ended.</summary>
/// <param name="ExitCode">137 where it was killed.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Time">It took.</param>
internal sealed record Outcome(int ExitCode, string Output, string Errors, TimeSpan Time)
{
    /// <summary>For a message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode}: {Errors.Trim()}");
}
