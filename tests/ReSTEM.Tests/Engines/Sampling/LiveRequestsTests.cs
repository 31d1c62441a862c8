using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class LiveRequestsTests
{
    private static readonly BigramWeights Weights = BigramWeights.Random();
    private static readonly int[] Prompt = BigramWeights.Tokenizer.Encode("prompt", true);

    [Fact]
    public async Task A_request_joins_what_is_being_drawn_and_ends_before_it()
    {
        int steps = 0;
        var requests = new LiveRequests((_, fault) => Assert.Fail(fault));
        SampleRequest late = Request("late", 2);
        using IPolicy policy = new BigramEngine(new BigramOptions { OnStep = _ => Join(Interlocked.Increment(ref steps)) }).Open(Weights);
        requests.Add([Endless("long", 60)]);
        var order = new List<string>();
        await foreach (Completion completion in policy.SampleAsync(requests, CancellationToken.None))
        {
            order.Add(completion.ProblemId);
            if (order.Count == 2)
            {
                requests.Complete();
            }
        }

        Assert.Equal(["late", "long"], order);

        void Join(int step)
        {
            if (step == 10)
            {
                requests.Add([late]);
            }
        }
    }

    [Fact]
    public async Task Completions_are_those_of_requests_that_are_there_at_once()
    {
        SampleRequest[] all = [.. Enumerable.Range(0, 30).Select(number => Request("p" + number, 5 + number) with { PromptIds = [.. Prompt, 2 + (number % 4)] })];
        using IPolicy policy = new BigramEngine(new BigramOptions { LaneSlots = [3, 2] }).Open(Weights);
        List<Completion> expected = await PolicyUse.DrawAsync(policy, all);
        var requests = new LiveRequests((_, fault) => Assert.Fail(fault));
        Task<List<Completion>> drawing = PolicyUse.DrawAsync(policy, requests);
        foreach (SampleRequest[] part in all.Chunk(4))
        {
            requests.Add(part);
            await Task.Delay(1);
        }

        requests.Complete();
        List<Completion> drawn = await drawing;
        Assert.Equal(expected.Select(item => (item.ProblemId, item.Text, item.LogProbability)), drawn.Select(item => (item.ProblemId, item.Text, item.LogProbability)));
    }

    [Fact]
    public async Task A_request_that_cannot_be_served_is_refused_alone()
    {
        var refused = new List<string>();
        var requests = new LiveRequests((request, fault) => refused.Add($"{request.ProblemId}: {fault}"));
        using IPolicy policy = new BigramEngine().Open(Weights);
        requests.Add([Request("good", 3), Request("bad", 3) with { PromptIds = [1_000_000] }, Request("too", 3)]);
        requests.Complete();
        Assert.Equal(["good", "too"], (await PolicyUse.DrawAsync(policy, requests)).Select(completion => completion.ProblemId));
        Assert.Contains("bad: a token id is 1000000", Assert.Single(refused), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_abandoned_request_leaves_and_the_others_are_not_touched(int slots)
    {
        using var abandoned = new CancellationTokenSource();
        int steps = 0;
        var model = new BigramModel(Weights, new BigramOptions { LaneSlots = [slots], OnStep = _ => CancelAt(Interlocked.Increment(ref steps)) });
        using var policy = new Engines.DecoderPolicy(model, BigramWeights.Tokenizer);
        SampleRequest other = Request("other", 20) with { PromptIds = [.. Prompt, 5] };
        List<Completion> drawn = await PolicyUse.DrawAsync(policy, [Endless("gone", 100) with { Abandoned = abandoned.Token }, other]);
        Assert.Equal(["other"], drawn.Select(completion => completion.ProblemId));
        Assert.Equal((await PolicyUse.DrawAsync(policy, [other])).Single().Text, drawn[0].Text);
        Assert.All(model.Decoders, decoder => Assert.Equal(0, decoder.Held));

        void CancelAt(int step)
        {
            if (step == 2) // the prompt is hardly there
            {
                abandoned.Cancel();
            }
        }
    }

    [Fact]
    public async Task Every_token_is_told_as_it_is_drawn()
    {
        var told = new List<(int Position, int Id, double Log)>();
        using IPolicy policy = new BigramEngine().Open(Weights);
        Completion completion = (await PolicyUse.DrawAsync(policy, [Request("p", 30) with { Listener = (position, id, log) => told.Add((position, id, log)) }])).Single();
        Assert.Equal(completion.TokenIds.Select((id, position) => (position, id)), told.Select(token => (token.Position, token.Id)));
        Assert.Equal(completion.LogProbability, told.Sum(token => token.Log));
    }

    private static SampleRequest Request(string problem, int maxTokens) => PolicyUse.Request(Prompt, new SamplingOptions { MaxTokens = maxTokens }, problem);

    /// <summary>A greedy draw that goes in circles, so that it does not end by itself.</summary>
    private static SampleRequest Endless(string problem, int maxTokens) => PolicyUse.Request(Prompt, new SamplingOptions { MaxTokens = maxTokens, Temperature = 0 }, problem);
}
