using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem sample</c>.</summary>
internal static class SampleVerb
{
    internal static Command Create()
    {
        var model = InputOutput.Model();
        var input = new Option<string?>("--input") { Description = "JSONL file of prompts, one object a line, plain or gzip; - for standard input." };
        var problems = InputOutput.Problems("Problem files in a published form, in place of --input.");
        var limit = InputOutput.Limit();
        var output = InputOutput.Output();
        var data = new DataArguments();
        var prompt = new PromptArguments();
        var sampling = new SamplingArguments();
        var samples = new Option<int>("--samples") { Description = "Completions per prompt.", DefaultValueFactory = _ => 1 };
        var seed = InputOutput.Seed();
        var computing = new EngineArguments();
        var verb = new Command(
            "sample",
            "Draws completions for rows {prompt}, {ids} or {messages, ...}, the last through the model's chat template, the assistant's turn begun; " +
            "or for the problems of published files.\n\n" +
            "Writes rows {id, problem_id, index, prompt, prompt_ids, ids, text, finish_reason, logprob}, which verify, logprob and eval --samples take.\n\n" +
            "Interrupted, it leaves what was drawn in OUTPUT.unfinished, and the same command goes on; standard output begins anew.\n\n" +
            "Examples: restem sample --model DIR --input prompts.jsonl --output samples.jsonl --samples 8 --temperature 0.7 --top-k 40\n" +
            "          restem sample --model DIR --problems test.jsonl --template 'Question: {prompt}\\nAnswer:' --output samples.jsonl.gz")
        {
            model, input, problems, limit, output, samples, seed,
        };
        data.AddTo(verb);
        prompt.AddTo(verb);
        sampling.AddTo(verb);
        computing.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            string[] files = parsed.GetValue(problems)!;
            string? rows = parsed.GetValue(input);
            RefuseWithoutEffect(parsed, rows, files, [.. prompt.Options, .. data.Options, limit]);
            int count = InputOutput.InRange("--samples", parsed.GetValue(samples), 1, RandomStream.MaxSample + 1);
            ulong key = (ulong)InputOutput.InRange("--seed", parsed.GetValue(seed), 0, long.MaxValue);
            SamplingOptions options = sampling.Read(parsed);
            PromptOptions prompting = prompt.Read(parsed);
            IEngine engine = EngineWiring.Create(computing.Over(parsed, new EngineConfig()), trains: false).Engine;
            using var target = OutputFile.Open("--output", parsed.GetValue(output)!, rows is null ? files : [rows]);
            var (named, info) = Given.Model(engine, "--model", parsed.GetValue(model)!);
            var prompts = rows is not null
                ? PromptRows.Of(info, new ChatRows(named.Folder), JsonLines.Read("--input", rows))
                : Given.Read("", () => PromptRows.Of(info, prompting, Given.Problems(files, data.Read(parsed, files), parsed.GetValue(limit), key)));
            using IPolicy policy = Given.Read($"--model '{named.Folder}'", () => engine.Open(named));
            var draw = new PromptDraw(prompts, count, options, key);
            await draw.RunAsync(policy, draw.Identity(engine.Fingerprint, named, info), target, cancellationToken);
            return ExitCode.Done;
        });
        return verb;
    }

    private static void RefuseWithoutEffect(ParseResult parsed, string? rows, string[] files, Option[] ofProblems)
    {
        if (rows is null == (files.Length == 0))
        {
            throw new UsageException(rows is null
                ? "--input is missing, expected a file of prompts, or problem files with --problems."
                : "--input is given beside --problems, expected one of them.");
        }

        if (rows is not null && ofProblems.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
        {
            throw new UsageException($"{idle.Name} has no effect with --input, expected it with --problems; rows bring their prompts as they are.");
        }
    }
}
