namespace ReSTEM.Core;

/// <summary>A sample that was drawn and judged again.</summary>
/// <param name="Before">As the ledger has it.</param>
/// <param name="Now">As it came out.</param>
public sealed record ReplayedSample(Sample Before, Sample Now)
{
    /// <summary>What differs, each in a few words; empty where the sample is the same in all that a seed decides.</summary>
    public IReadOnlyList<string> Differences => [.. Tokens(), .. Findings.Differences(Before.Finding, Now.Finding)];

    private IEnumerable<string> Tokens()
    {
        IReadOnlyList<int> before = Before.Completion.TokenIds, now = Now.Completion.TokenIds;
        int same = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        if (same < before.Count || same < now.Count)
        {
            yield return $"tokens differ from position {same} on: {Shown(before, same)}, drawn again {Shown(now, same)}";
        }
        else if (Before.Completion.Text != Now.Completion.Text)
        {
            yield return "the same tokens are decoded to another text";
        }

        if (Before.Completion.FinishReason != Now.Completion.FinishReason)
        {
            yield return $"it ended by {Before.Completion.FinishReason}, drawn again by {Now.Completion.FinishReason}";
        }

        if (BitConverter.DoubleToInt64Bits(Before.Completion.LogProbability) != BitConverter.DoubleToInt64Bits(Now.Completion.LogProbability))
        {
            yield return FormattableString.Invariant(
                $"log-probability was {Before.Completion.LogProbability:R}, drawn again {Now.Completion.LogProbability:R}");
        }
    }

    private static string Shown(IReadOnlyList<int> ids, int position) => position < ids.Count ? $"id {ids[position]}" : "the end";
}

/// <summary>Draws samples of a run again, each alone, and judges them again.</summary>
/// <param name="options">Of the run.</param>
/// <param name="problems">Of the run.</param>
/// <param name="verifier">Of the run.</param>
/// <param name="ledger">Has the samples.</param>
/// <param name="policies">Opens the policies.</param>
public sealed class Replay(LoopOptions options, RunProblems problems, IVerifier verifier, IRunLedger ledger, PolicyShelf policies) : IDisposable
{
    private readonly Dictionary<DrawId, DrawPlan> _plans = [];
    private PromptedPolicy? _teacher;

    /// <summary>Whether the policy that a draw sampled was kept: of a training's epochs only the chosen one is.</summary>
    public static bool HasPolicy(IRunLedger ledger, DrawId draw) => DrawPlans.Epoch(draw) is not { } epoch || epoch == 0 || ledger.Training.Read(draw.Iteration)?.ChosenEpoch == epoch;

    /// <summary>The policy that a draw samples, where it was kept.</summary>
    /// <exception cref="InvalidDataException">It is no longer there, or not as it was written.</exception>
    public PromptedPolicy PolicyOf(DrawId draw)
    {
        if (draw != DrawId.EStep(draw.Iteration))
        {
            return DrawPlans.Epoch(draw) is 0 ? policies.Get(0) : policies.Get(draw.Iteration);
        }

        return options.Teacher is { } named ? _teacher ??= policies.Teacher(named) : policies.Get(new PolicyLine(ledger.Measures, options.Iterations).SampledBy(draw.Iteration));
    }

    /// <summary>Draws one sample again and judges it.</summary>
    /// <param name="sample">Names it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidDataException">The ledger has no such sample, or the configuration no such problem.</exception>
    public async Task<ReplayedSample> RunAsync(SampleRef sample, CancellationToken cancellationToken)
    {
        Sample before = ledger.Samples.Read(sample.Draw, sample.ProblemId).FirstOrDefault(found => found.Completion.Index == sample.Index)
            ?? throw new InvalidDataException($"{sample} is not in the ledger, expected a sample of the run.");
        DrawPlan plan = Plan(sample.Draw);
        Problem problem = plan.Problems.FirstOrDefault(found => found.Id == sample.ProblemId)
            ?? throw new InvalidDataException($"the problem '{sample.ProblemId}' is not among the run's problems any more, expected it in {sample.Draw.Set}.");
        PromptedPolicy policy = PolicyOf(sample.Draw);
        int[] prompt = Prompts.Encode(policy.Model, problem, options.Prompt, policy.IsUntrained);
        await foreach (Completion completion in policy.Policy.SampleAsync([plan.Request(problem.Id, sample.Index, prompt)], cancellationToken))
        {
            return new ReplayedSample(before, new Sample(completion, await verifier.JudgeAsync(problem, completion.Text, cancellationToken)));
        }

        throw new InvalidOperationException($"the engine gave no completion for {sample}, expected one.");
    }

    /// <summary>Closes what it opened itself; the shelf is its owner's.</summary>
    public void Dispose() => _teacher?.Dispose();

    private DrawPlan Plan(DrawId draw)
    {
        if (!_plans.TryGetValue(draw, out DrawPlan? plan))
        {
            plan = DrawPlans.Of(options, problems, draw);
            _plans.Add(draw, plan);
        }

        return plan;
    }
}
