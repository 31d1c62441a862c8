using ReSTEM.Core;
using ReSTEM.Remote;

namespace ReSTEM.Tests;

public sealed class RemotePolicyTests
{
    private static readonly BigramWeights First = BigramWeights.Random();
    private static readonly BigramWeights Second = BigramWeights.Random(spread: 1);

    [Fact]
    public async Task Samples_of_two_servers_are_those_of_this_machine()
    {
        await using ServedBigram one = await ServedBigram.StartAsync();
        await using ServedBigram two = await ServedBigram.StartAsync(new BigramOptions { LaneSlots = [3, 1] });
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(one.Address, two.Address));
        PolicyRef named = engine.Resolve(Path.Combine(one.Models, "first"));
        using IPolicy policy = engine.Open(named);
        Assert.Equal(new PolicyFingerprint(First.Sha256, BigramEngine.Identity), policy.Fingerprint);
        PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(First, RemoteRig.Requests()), await PolicyUse.DrawAsync(policy, RemoteRig.Requests()));
        foreach (ServedBigram served in new[] { one, two })
        {
            Assert.DoesNotContain("restem_completion_tokens_total 0", await served.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Callers_who_share_a_policy_get_what_each_gets_alone(bool isRemote)
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(served.Address));
        await using var shared = new SharedPolicy(isRemote ? engine.Open(engine.Resolve(Path.Combine(served.Models, "first"))) : new BigramEngine().Open(First));
        SampleRequest[][] callers = [.. RemoteRig.Requests().GroupBy(request => request.ProblemId).Select(problem => problem.ToArray())];
        var drawn = await Task.WhenAll(callers.Select(requests => Task.Run(() =>
            shared.DrawAsync(requests[0].PromptIds, requests[0].Options, [.. requests.Select(request => request.Random)], CancellationToken.None))));
        var expected = (await RemoteRig.ExpectedAsync(First, RemoteRig.Requests())).ToDictionary(one => (one.ProblemId, one.Index), one => (one.Text, one.LogProbability));
        Assert.Equal(
            callers.Select(requests => requests.Select(request => expected[(request.ProblemId, request.Index)])),
            drawn.Select(completions => completions.Select(one => (one.Text, one.LogProbability))));
    }

    [Fact]
    public async Task Scores_are_those_of_this_machine_bit_for_bit()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(served.Address));
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        using IPolicy local = new BigramEngine().Open(First);
        int[][] sequences = [.. Enumerable.Range(1, 60).Select(length => BigramWeights.Tokenizer.Encode(new string('a', length) + "bc", true))];
        Assert.Equal(local.LogProbabilities(sequences, CancellationToken.None), policy.LogProbabilities(sequences, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_has_other_weights_is_given_the_right_ones_before_a_sample_is_drawn()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Second.Save(Path.Combine(served.Models, "second"));
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(served.Address));
        foreach (BigramWeights weights in new[] { Second, First, Second })
        {
            using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, ReferenceEquals(weights, First) ? "first" : "second")));
            PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(weights, RemoteRig.Requests(3)), await PolicyUse.DrawAsync(policy, RemoteRig.Requests(3)));
        }
    }

    [Fact]
    public async Task Weights_that_change_behind_the_callers_back_are_noticed_and_put_right()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Second.Save(Path.Combine(served.Models, "second"));
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(served.Address));
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        await PolicyUse.DrawAsync(policy, RemoteRig.Requests(1));
        await served.ServedAsync("/v1/restem/load", new { folder = Path.Combine(served.Models, "second"), sha256 = Second.Sha256 });
        PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(First, RemoteRig.Requests(3)), await PolicyUse.DrawAsync(policy, RemoteRig.Requests(3)));
    }

    [Fact]
    public async Task A_checkpoint_that_was_altered_is_refused()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Second.Save(Path.Combine(served.Models, "second"));
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(served.Address));
        PolicyRef named = engine.Resolve(Path.Combine(served.Models, "second"));
        BigramWeights.Random(spread: 3).Save(named.Folder);
        using IPolicy policy = engine.Open(named);
        var fault = await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(policy, RemoteRig.Requests(1)));
        Assert.Contains($"expected {Second.Sha256}", fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(served.Address + ": it cannot be given the weights in ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_of_different_engines_are_refused()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using var other = new FaultProxy(served.Address, (_, _) => new ProxyFault(Change: answer => answer.Replace("\"version\":\"1\"", "\"version\":\"2\"", StringComparison.Ordinal)));
        var fault = Assert.Throws<EngineException>(() => RemoteRig.Connect(RemoteRig.Options(served.Address, other.Address)));
        Assert.Equal($"{other.Address} computes with bigram 2 float32, expected bigram 1 float32 as {served.Address}: samples would not be of one function.", fault.Message);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_by_its_address()
    {
        var fault = Assert.Throws<EngineException>(() => RemoteRig.Connect(RemoteRig.Options(new Uri("http://127.0.0.1:1/"))));
        Assert.Equal("http://127.0.0.1:1/: it does not listen (connection refused) (asked 5 times). What was drawn is kept; mend the server, and the same command goes on.", fault.Message);
    }

    [Fact]
    public async Task A_caller_who_stops_is_not_told_of_a_failure()
    {
        using var gate = new ManualResetEventSlim();
        await using ServedBigram served = await ServedBigram.StartAsync(new BigramOptions { OnStep = _ => gate.Wait() });
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(served.Address));
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        using var stop = new CancellationTokenSource();
        Task drawing = Task.Run(async () =>
        {
            await foreach (Completion _ in policy.SampleAsync(RemoteRig.Requests(), stop.Token))
            {
                Assert.Fail("nothing is drawn");
            }
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await served.Client.GetStringAsync("/metrics")).Contains("restem_completions_open 0", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drawing);
        gate.Set();
    }
}
