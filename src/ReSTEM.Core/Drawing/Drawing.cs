using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;

namespace ReSTEM.Core;

/// <summary>What to draw.</summary>
/// <param name="Key">Where the samples go in the ledger.</param>
/// <param name="Problems">On which problems, in this order.</param>
/// <param name="Samples">Completions per problem.</param>
/// <param name="Options">How each is drawn.</param>
/// <param name="Random">Stream of the draw's purpose; placed at (iteration, problem, index) for each sample.</param>
/// <param name="ForBase">Whether the base model is sampled, for the prompt.</param>
public sealed record DrawPlan(
    DrawKey Key, IReadOnlyList<Problem> Problems, int Samples, SamplingOptions Options, RandomStream Random, bool ForBase);

/// <summary>
/// Sampling and verification as one pipeline with back-pressure: the policy draws while verifiers judge, and what is judged
/// goes to the ledger at once. Samples that the ledger has are never drawn again.
/// </summary>
public sealed class Drawing(IVerifier verifier, IRunLedger ledger, Action<PhaseProgress> advanced, LoopOptions options)
{
    private const int Attempts = 3;
    private const int QueueLength = 512;

    /// <summary>Draws and judges what is missing; returns all judged samples of the plan, by problem and index.</summary>
    /// <exception cref="InvalidDataException">A prompt does not fit the model's context.</exception>
    /// <exception cref="InvalidOperationException">The verifier failed more often than tolerated.</exception>
    public async Task<IReadOnlyList<Sample>> DrawAsync(IPolicy policy, DrawPlan plan, CancellationToken cancellationToken)
    {
        var problems = plan.Problems.ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        ledger.WriteDraw(plan.Key, policy.Fingerprint);
        var before = ledger.ReadSamples(plan.Key);
        var present = before.Select(sample => (sample.Completion.ProblemId, sample.Completion.Index)).ToHashSet();
        var tally = new Tally(advanced, before);
        var again = before.Where(sample => sample.Finding.Verdict is Verdict.VerifierFailed).Select(sample => sample.Completion);
        var prompts = Prompts.Encode(policy, plan, options.Prompt);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var drawn = Channel.CreateBounded<Completion>(new BoundedChannelOptions(QueueLength) { SingleWriter = true });
        var judged = Channel.CreateBounded<Sample>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
        var known = new ConcurrentDictionary<(string ProblemId, string Text), Task<Finding>>();
        Task[] stages =
        [
            Guard(ProduceAsync(policy, again, Requests(plan, prompts, present), drawn.Writer, stop.Token), stop),
            Guard(JudgeAsync(problems, known, drawn.Reader, judged.Writer, stop.Token), stop),
            Guard(RecordAsync(plan.Key, judged.Reader, tally), stop),
        ];
        await AllOf(stages);
        var samples = ledger.ReadSamples(plan.Key);
        RefuseFailures(samples);
        return samples.Judged();
    }

    private static IEnumerable<SampleRequest> Requests(
        DrawPlan plan, IReadOnlyList<IReadOnlyList<int>> prompts, HashSet<(string ProblemId, int Index)> present)
    {
        for (int p = 0; p < plan.Problems.Count; p++)
        {
            string id = plan.Problems[p].Id;
            for (int index = 0; index < plan.Samples; index++)
            {
                if (!present.Contains((id, index)))
                {
                    yield return new SampleRequest
                    {
                        ProblemId = id,
                        Index = index,
                        PromptIds = prompts[p],
                        Options = plan.Options,
                        Random = plan.Random.At(plan.Key.Iteration, id, index),
                    };
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
        Dictionary<string, Problem> problems, ConcurrentDictionary<(string ProblemId, string Text), Task<Finding>> known,
        ChannelReader<Completion> reader, ChannelWriter<Sample> writer, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                reader.ReadAllAsync(cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = options.VerifierWorkers, CancellationToken = cancellationToken },
                async (completion, token) =>
                {
                    // The same text for the same problem is judged once: most right solutions of a small model are the same string.
                    Finding finding = await known.GetOrAdd(
                        (completion.ProblemId, completion.Text),
                        _ => VerifyAsync(problems[completion.ProblemId], completion.Text, token));
                    await writer.WriteAsync(new Sample(completion, finding), token);
                });
        }
        finally
        {
            writer.Complete();
        }
    }

    private async Task<Finding> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken)
    {
        Finding finding = await verifier.VerifyAsync(problem, text, cancellationToken);
        for (int attempt = 1; finding.Verdict is Verdict.VerifierFailed && attempt < Attempts; attempt++)
        {
            finding = await verifier.VerifyAsync(problem, text, cancellationToken);
        }

        return finding;
    }

    /// <summary>Drains to the end even when the run stops, so that what was judged is kept.</summary>
    private async Task RecordAsync(DrawKey key, ChannelReader<Sample> reader, Tally tally)
    {
        var batch = new List<Sample>();
        while (await reader.WaitToReadAsync(CancellationToken.None))
        {
            while (reader.TryRead(out Sample? sample))
            {
                batch.Add(sample);
            }

            ledger.WriteSamples(key, batch);
            tally.Add(batch);
            batch.Clear();
        }
    }

    private void RefuseFailures(IReadOnlyList<Sample> samples)
    {
        var failed = samples.Where(sample => sample.Finding.Verdict is Verdict.VerifierFailed).ToList();
        if (failed.Count > options.VerifierFailureLimit * samples.Count)
        {
            Sample first = failed[0];
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"the verifier failed on {failed.Count} of {samples.Count} samples, expected at most {options.VerifierFailureLimit:P1}; first on problem '{first.Completion.ProblemId}', sample {first.Completion.Index}: {first.Finding.Reason}. No reward was given; mend the cause and start again, the failed ones are judged anew."));
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

    private sealed class Tally
    {
        private readonly Action<PhaseProgress> _advanced;
        private long _correct;

        public Tally(Action<PhaseProgress> advanced, IReadOnlyList<Sample> before)
        {
            _advanced = advanced;
            _correct = before.Count(sample => sample.IsCorrect);
            Report(before.Count(sample => sample.Finding.Verdict is not Verdict.VerifierFailed), 0);
        }

        public void Add(IReadOnlyList<Sample> samples)
        {
            _correct += samples.Count(sample => sample.IsCorrect);
            Report(samples.Count, samples.Sum(sample => (long)sample.Completion.TokenIds.Count));
        }

        private void Report(long units, long tokens) => _advanced(new PhaseProgress(
            units, tokens, string.Create(CultureInfo.InvariantCulture, $"{_correct:N0} correct")));
    }
}
