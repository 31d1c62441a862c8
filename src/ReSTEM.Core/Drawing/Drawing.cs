using System.Globalization;
using System.Threading.Channels;

namespace ReSTEM.Core;

/// <summary>
/// Sampling and verification as one pipeline with back-pressure: the policy draws while verifiers judge, and what is judged
/// goes to the ledger within a second. Samples that the ledger has are never drawn again. What it holds in memory does not grow with the
/// number of samples.
/// </summary>
/// <param name="verifier">Judges what is drawn.</param>
/// <param name="store">The ledger.</param>
/// <param name="clock">Told of progress, and books what the samples cost.</param>
/// <param name="options">What every draw of a run has in common.</param>
/// <param name="known">Findings that the draws of a run share.</param>
/// <param name="executor">Draws elsewhere what others can open; null where all is drawn here.</param>
public sealed class Drawing(
    IVerifier verifier, ISampleStore store, IPhaseClock clock, DrawingOptions options, VerdictCache known, IDrawExecutor? executor = null)
{
    private const int QueueLength = 512;

    /// <summary>Draws and judges what is missing of a plan; all of it is in the store then.</summary>
    /// <exception cref="InvalidDataException">A prompt does not fit the model's context, or the draw was begun with another policy.</exception>
    /// <exception cref="InvalidOperationException">The verifier failed more often than tolerated.</exception>
    public async Task DrawAsync(PromptedPolicy policy, DrawPlan plan, CancellationToken cancellationToken)
    {
        var problems = plan.Problems.ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        store.Begin(plan.Draw, policy.Policy.Fingerprint);
        var again = store.Failed(plan.Draw).Select(sample => sample.Completion).ToList();
        var progress = new DrawProgress(clock, store.Count(plan.Draw), again);
        if (executor is not null && policy.Source is not null)
        {
            await executor.DrawAsync(policy, plan, store, samples => Record(plan.Draw, samples, progress), cancellationToken);
            again = [.. store.Failed(plan.Draw).Select(sample => sample.Completion)];
            progress.JudgeAgain(again);
        }

        var prompts = Prompts.Encode(policy.Model, plan.Problems, options.Prompt, policy.IsUntrained);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var drawn = Channel.CreateBounded<Completion>(new BoundedChannelOptions(QueueLength) { SingleWriter = true });
        var judged = Channel.CreateBounded<Sample>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
        Task[] stages =
        [
            Guard(ProduceAsync(policy.Policy, again, Missing(plan, prompts), drawn.Writer, stop.Token), stop),
            Guard(JudgeAsync(problems, drawn.Reader, judged.Writer, stop.Token), stop),
            Guard(RecordAsync(plan.Draw, judged.Reader, progress), stop),
        ];
        await AllOf(stages);
        RefuseFailures(plan.Draw);
    }

    private IEnumerable<SampleRequest> Missing(DrawPlan plan, IReadOnlyList<IReadOnlyList<int>> prompts)
    {
        for (int p = 0; p < plan.Problems.Count; p++)
        {
            string id = plan.Problems[p].Id;
            var present = store.Indices(plan.Draw, id).ToHashSet();
            for (int index = 0; index < plan.Samples; index++)
            {
                if (!present.Contains(index))
                {
                    yield return plan.Request(id, index, prompts[p]);
                }
            }
        }
    }

    private static async Task ProduceAsync(
        IPolicy policy, IEnumerable<Completion> again, IEnumerable<SampleRequest> requests,
        ChannelWriter<Completion> writer, CancellationToken cancellationToken)
    {
        try
        {
            foreach (Completion completion in again)
            {
                await writer.WriteAsync(completion, cancellationToken);
            }

            await foreach (Completion completion in policy.SampleAsync(requests, cancellationToken))
            {
                await writer.WriteAsync(completion, cancellationToken);
            }
        }
        finally
        {
            writer.Complete();
        }
    }

    private async Task JudgeAsync(
        Dictionary<string, Problem> problems, ChannelReader<Completion> reader, ChannelWriter<Sample> writer,
        CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                reader.ReadAllAsync(cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = options.VerifierWorkers, CancellationToken = cancellationToken },
                async (completion, token) =>
                {
                    Finding finding = await known.GetAsync(
                        problems[completion.ProblemId], completion.Text, () => verifier.JudgeAsync(problems[completion.ProblemId], completion.Text, token));
                    await writer.WriteAsync(new Sample(completion, finding), token);
                });
        }
        finally
        {
            writer.Complete();
        }
    }

    /// <summary>Drains to the end even when the run stops, so that what was judged is kept.</summary>
    private async Task RecordAsync(DrawId draw, ChannelReader<Sample> reader, DrawProgress progress)
    {
        await foreach (List<Sample> batch in SampleBatches.Of(reader, options.CommitInterval))
        {
            Record(draw, batch, progress);
        }
    }

    private void Record(DrawId draw, IReadOnlyList<Sample> batch, DrawProgress progress)
    {
        store.Write(draw, batch, clock.Book(progress.TokensOf(batch)));
        progress.Add(batch);
    }

    private void RefuseFailures(DrawId draw)
    {
        SampleCounts counts = store.Count(draw);
        if (counts.Failed > options.VerifierFailureLimit * counts.Drawn)
        {
            Sample first = store.Failed(draw)[0];
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"the verifier failed on {counts.Failed} of {counts.Drawn} samples, expected at most {options.VerifierFailureLimit:P1}; first on problem '{first.Completion.ProblemId}', sample {first.Completion.Index}: {first.Finding.Reason}. No reward was given; mend the cause and start again, the failed ones are judged anew."));
        }
    }

    private static async Task Guard(Task stage, CancellationTokenSource stop)
    {
        try
        {
            await stage;
        }
        finally
        {
            if (!stage.IsCompletedSuccessfully)
            {
                await stop.CancelAsync();
            }
        }
    }

    /// <summary>Waits for every stage, then reports the fault that came first rather than the cancellations it caused.</summary>
    private static async Task AllOf(Task[] stages)
    {
        Task all = Task.WhenAll(stages);
        await all.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var fault = stages.Select(stage => stage.Exception?.GetBaseException()).FirstOrDefault(exception => exception is not null);
        if (fault is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        }

        await all;
    }
}
