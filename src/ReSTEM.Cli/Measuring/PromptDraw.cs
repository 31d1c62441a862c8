using System.Globalization;
using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>The draw of <c>restem sample</c>: so many completions of each prompt, written by prompt and sample.</summary>
/// <param name="prompts">What is sampled from.</param>
/// <param name="samples">Completions of each.</param>
/// <param name="options">How they are drawn.</param>
/// <param name="seed">Keys the random numbers.</param>
internal sealed class PromptDraw(IReadOnlyList<PromptRow> prompts, int samples, SamplingOptions options, ulong seed)
{
    private const int RequestsPerPart = 1 << 14;

    /// <summary>Everything that decides the samples.</summary>
    internal RunIdentity Identity(EngineFingerprint engine, PolicyRef policy, ModelInfo model)
    {
        using var digest = new ContentDigest();
        foreach (PromptRow prompt in prompts)
        {
            digest.Add(prompt.Key);
            digest.Add(RowWriter.Text(prompt.Echo));
            digest.Add(MemoryMarshal.AsBytes<int>(prompt.Ids.ToArray()));
        }

        return RunIdentity.Empty
            .With("seed", seed.ToString(CultureInfo.InvariantCulture))
            .With("samples", samples.ToString(CultureInfo.InvariantCulture))
            .With("sampling.", Settings.ThatChangeResults(options))
            .With(engine)
            .With("model", policy, model)
            .With("prompts", string.Create(CultureInfo.InvariantCulture, $"{prompts.Count} prompts {digest.Finish()}"));
    }

    /// <summary>Draws and writes; goes on with what an interrupted start of the same draw left.</summary>
    /// <param name="policy">Draws.</param>
    /// <param name="identity">Of this draw.</param>
    /// <param name="output">Gets the rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InterruptedWorkException">It was stopped; the message says what stays.</exception>
    internal async Task RunAsync(IPolicy policy, RunIdentity identity, OutputFile output, CancellationToken cancellationToken)
    {
        using var progress = new RowProgress("sample", "samples", (long)prompts.Count * samples, output);
        using var writer = new RowWriter(output);
        long tokens = await (output.IsRegular
            ? DrawKeepingAsync(policy, identity, output, writer, progress, cancellationToken)
            : DrawThroughAsync(policy, writer, progress, cancellationToken));
        progress.Finish(string.Create(CultureInfo.InvariantCulture, $"{(long)prompts.Count * samples:N0} samples, {tokens:N0} tokens drawn"));
    }

    private async Task<long> DrawThroughAsync(IPolicy policy, RowWriter writer, RowProgress progress, CancellationToken cancellationToken)
    {
        long tokens = 0;
        await foreach (Completion completion in policy.SampleInOrderAsync(Requests(null), RequestsPerPart, cancellationToken))
        {
            tokens += completion.TokenIds.Count;
            writer.Write(Row(completion));
            progress.Advance(1, completion.TokenIds.Count);
        }

        writer.Complete();
        return tokens;
    }

    private async Task<long> DrawKeepingAsync(
        IPolicy policy, RunIdentity identity, OutputFile output, RowWriter writer, RowProgress progress, CancellationToken cancellationToken)
    {
        using var drawn = UnfinishedSamples.Open(output.Target, identity);
        progress.Advance(drawn.Count);
        long tokens = 0;
        try
        {
            await foreach (Completion completion in policy.SampleAsync(Requests(drawn), cancellationToken))
            {
                tokens += completion.TokenIds.Count;
                drawn.Add(Number(completion), completion.Index, RowWriter.Text(Row(completion)));
                progress.Advance(1, completion.TokenIds.Count);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && drawn.Count > 0)
        {
            throw new InterruptedWorkException($"{drawn.Count} of {(long)prompts.Count * samples} samples are in {drawn.Path}; the same command goes on from there.");
        }

        foreach (string row in drawn.InOrder())
        {
            writer.WriteText(row);
        }

        writer.Complete();
        drawn.Delete();
        return tokens;
    }

    private IEnumerable<SampleRequest> Requests(UnfinishedSamples? drawn)
    {
        var random = RandomStream.Of(seed, RandomPurpose.Sample);
        return prompts.SelectMany((prompt, number) => Enumerable.Range(0, samples)
            .Where(index => drawn?.Has(number, index) is not true)
            .Select(index => new SampleRequest
            {
                ProblemId = number.ToString(CultureInfo.InvariantCulture),
                Index = index,
                PromptIds = prompt.Ids,
                Options = options,
                Random = random.At(0, prompt.Key, index),
            }));
    }

    private static int Number(Completion completion) => int.Parse(completion.ProblemId, CultureInfo.InvariantCulture);

    private Dictionary<string, object?> Row(Completion completion)
    {
        PromptRow prompt = prompts[Number(completion)];
        var row = new Dictionary<string, object?>();
        if (prompt.Problem.Length > 0)
        {
            row["id"] = string.Create(CultureInfo.InvariantCulture, $"{prompt.Problem}#{completion.Index}");
        }

        foreach (var (name, value) in prompt.Echo)
        {
            row[name] = value;
        }

        row["index"] = completion.Index;
        if (prompt.Text is not null)
        {
            row["prompt"] = prompt.Text;
        }

        row["prompt_ids"] = prompt.Ids;
        row["ids"] = completion.TokenIds;
        row["text"] = completion.Text;
        row["finish_reason"] = FinishReasons.NameOf(completion.FinishReason);
        row["logprob"] = completion.LogProbability;
        return row;
    }
}
