using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class DrawingTests
{
    [Fact]
    public async Task No_two_draws_of_a_run_share_random_numbers()
    {
        using FakeRun run = FakeRun.Small();
        run.Options = run.Options with { TrainGapSamples = 4 };
        var seen = new Dictionary<RandomStream, string>();
        var shared = new List<string>();
        string phase = "";
        run.OnBoundary = text => phase = text;
        run.OnSample = request =>
        {
            // Validation and evaluation draw each problem once more, greedily or after another epoch, and those are compared in pairs.
            if (phase.Contains("e-step", StringComparison.Ordinal) || phase.Contains("train gap", StringComparison.Ordinal))
            {
                shared.AddRange(seen.TryAdd(request.Random, phase) ? [] : [$"{seen[request.Random]} and {phase}"]);
            }
        };
        await run.StartAsync();
        Assert.Equal(3 * 8 * 4, seen.Count + shared.Count);
        Assert.Empty(shared);
    }

    [Fact]
    public async Task Every_finding_names_its_verifier()
    {
        using FakeRun run = FakeRun.Small();
        await run.StartAsync();
        Assert.All(run.Samples(DrawId.EStep(1)), sample => Assert.Equal("fake 1", sample.Finding.Verifier));
    }

    [Fact]
    public async Task A_text_is_judged_once_and_what_is_remembered_is_bounded()
    {
        var cache = new VerdictCache(5_100);
        int judged = 0;
        for (int i = 0; i < 1000; i++)
        {
            for (int again = 0; again < 3; again++)
            {
                Finding finding = await cache.GetAsync("p", $"text {i - again}", Judge); // the last few are remembered
                Assert.Equal(Verdict.Correct, finding.Verdict);
            }

            Assert.InRange(cache.Count, 1, 22);
        }

        Assert.Equal(1002, judged); // two before the first

        Task<Finding> Judge()
        {
            judged++;
            return Task.FromResult(new Finding { Verdict = Verdict.Correct, Reason = "r" });
        }
    }

    [Fact]
    public async Task What_failed_is_judged_again_and_problems_of_one_name_are_two()
    {
        var cache = new VerdictCache(5_100);
        object first = new();
        Finding failed = new() { Verdict = Verdict.VerifierFailed, Reason = "r" };
        Finding right = new() { Verdict = Verdict.Correct, Reason = "r" };
        Finding wrong = new() { Verdict = Verdict.Incorrect, Reason = "r" };
        Assert.Same(failed, await cache.GetAsync(first, "text", () => Task.FromResult(failed)));
        await Assert.ThrowsAsync<OperationCanceledException>(() => cache.GetAsync(first, "text", () => Task.FromException<Finding>(new OperationCanceledException())));
        Assert.Same(right, await cache.GetAsync(first, "text", () => Task.FromResult(right)));
        Assert.Same(right, await cache.GetAsync(first, "text", () => Task.FromResult(wrong)));
        Assert.Same(wrong, await cache.GetAsync(new object(), "text", () => Task.FromResult(wrong)));
    }

    [Fact]
    public async Task Completions_come_in_the_order_of_their_requests_with_no_more_than_a_part_waiting()
    {
        int drawn = 0;
        int given = 0;
        using var policy = new FakePolicy(
            new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = 0, ["word"] = 0 }), _ => Assert.InRange(++drawn - given, 1, 16), slots: 5);
        var problem = FakeProblem.Make("p", 1, 0)[0];
        var requests = Enumerable.Range(0, 100).Select(index => new SampleRequest
        {
            ProblemId = problem.Id,
            Index = index,
            PromptIds = new FakeTokenizer().Encode(problem.Prompt, addSpecialTokens: true),
            Options = new SamplingOptions(),
            Random = RandomStream.Of(1, RandomPurpose.Sample).At(0, problem.Id, index),
        });
        await foreach (Completion completion in policy.SampleInOrderAsync(requests, 16, CancellationToken.None))
        {
            Assert.Equal(given++, completion.Index);
        }

        Assert.Equal(100, given);
    }

    [Theory]
    [InlineData(0.0, null)]
    [InlineData(1e-6, null)]
    [InlineData(1e-7, "temperature is 1E-07, expected 0 (greedy) or 0.000001 to 100.")]
    [InlineData(101.0, "temperature is 101, expected 0 (greedy) or 0.000001 to 100.")]
    public void The_limits_of_a_temperature_have_one_home(double temperature, string? fault) =>
        Assert.Equal(fault, new SamplingOptions { Temperature = temperature }.Fault());
}
