using System.Net;
using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class WeightsLoadTests
{
    private static readonly BigramWeights Other = BigramWeights.Random(spread: 1);

    [Fact]
    public async Task Weights_are_changed_by_place_and_content_and_answers_say_which_they_are_of()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Other.Save(Path.Combine(served.Models, "second"));
        string before = (string)(await served.ServedAsync("/v1/completions", new { prompt = "a", seed = 1, max_tokens = 40 }))["restem"]!["weights"]!;
        JsonNode loaded = await served.ServedAsync("/v1/restem/load", new { folder = Path.Combine(served.Models, "second"), sha256 = Other.Sha256 });
        Assert.Equal(Other.Sha256, (string)loaded["restem"]!["weights"]!);
        JsonNode after = await served.ServedAsync("/v1/completions", new { prompt = "a", seed = 1, max_tokens = 40, restem_weights = Other.Sha256 });
        Assert.Equal(Other.Sha256, (string)after["restem"]!["weights"]!);
        Assert.Contains("expected " + Other.Sha256, await served.RefusedAsync(HttpStatusCode.Conflict, "/v1/completions", new { prompt = "a", restem_weights = before }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_content_or_another_place_is_refused_and_what_was_served_is_served_on()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Other.Save(Path.Combine(served.Models, "second"));
        Assert.Contains("SHA-256 of the weights is " + Other.Sha256, await served.RefusedAsync(
            HttpStatusCode.Conflict, "/v1/restem/load", new { folder = Path.Combine(served.Models, "second"), sha256 = new string('0', 64) }), StringComparison.Ordinal);
        await served.RefusedAsync(HttpStatusCode.Conflict, "/v1/restem/load", new { folder = Path.Combine(served.Models, "missing"), sha256 = Other.Sha256 });
        Assert.Contains("from where alone this server loads models", await served.RefusedAsync(
            HttpStatusCode.BadRequest, "/v1/restem/load", new { folder = Path.Combine(served.Models, "..", "elsewhere"), sha256 = Other.Sha256 }), StringComparison.Ordinal);
        Assert.Contains("sha256 is missing", await served.RefusedAsync(HttpStatusCode.BadRequest, "/v1/restem/load", new { folder = served.Models + "/second" }), StringComparison.Ordinal);
        await served.ServedAsync("/v1/completions", new { prompt = "a", restem_weights = BigramWeights.Random().Sha256 });
    }

    [Fact]
    public async Task Answers_under_way_end_with_the_weights_that_they_began_with()
    {
        using var gate = new ManualResetEventSlim();
        await using ServedBigram served = await ServedBigram.StartAsync(new BigramOptions { OnStep = _ => gate.Wait() });
        Other.Save(Path.Combine(served.Models, "second"));
        var asked = new { prompt = "hello", seed = 2, max_tokens = 50 };
        Task<JsonNode> begun = served.ServedAsync("/v1/completions", asked);
        await EventuallyOpenAsync(served, 1);
        Task<JsonNode> load = served.ServedAsync("/v1/restem/load", new { folder = Path.Combine(served.Models, "second"), sha256 = Other.Sha256 });
        gate.Set();
        using IPolicy policy = new BigramEngine().Open(BigramWeights.Random());
        Completion expected = (await PolicyUse.DrawAsync(policy, [PolicyUse.Request(
            BigramWeights.Tokenizer.Encode("hello", true), new SamplingOptions { MaxTokens = 50 }) with { Random = RandomStream.Of(2, RandomPurpose.Sample).At(0, "0", 0) }])).Single();
        Assert.Equal(expected.Text, (string)(await begun)["choices"]![0]!["text"]!);
        await load;
        Assert.Equal(Other.Sha256, (string)(await served.ServedAsync("/v1/completions", asked))["restem"]!["weights"]!);
    }

    private static async Task EventuallyOpenAsync(ServedBigram served, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await served.Client.GetStringAsync("/metrics")).Contains($"restem_completions_open {count}\n", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
        }
    }
}
