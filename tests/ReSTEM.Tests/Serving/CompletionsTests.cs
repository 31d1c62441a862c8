using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class CompletionsTests
{
    private static readonly BigramWeights Weights = BigramWeights.Random();

    /// <summary>The completion as the policy draws it by itself, with the numbers of <c>restem sample</c>: seed, row, sample.</summary>
    private static async Task<Completion> DrawnAloneAsync(string prompt, SamplingOptions options, ulong seed, int row, int sample)
    {
        using IPolicy policy = new BigramEngine().Open(Weights);
        SampleRequest request = PolicyUse.Request(BigramWeights.Tokenizer.Encode(prompt, true), options, index: sample) with
        {
            Random = RandomStream.Of(seed, RandomPurpose.Sample).At(0, row.ToString(System.Globalization.CultureInfo.InvariantCulture), sample),
        };
        return (await PolicyUse.DrawAsync(policy, [request])).Single();
    }

    [Fact]
    public async Task Completions_are_those_that_the_seed_gives_by_itself()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        var options = new SamplingOptions { Temperature = 0.8, TopK = 20, TopP = 0.9, MaxTokens = 30 };
        JsonNode answer = await served.ServedAsync("/v1/completions", new
        {
            model = ServedBigram.ModelName,
            prompt = new[] { "ab", "xyz" },
            n = 3,
            seed = 7,
            temperature = 0.8,
            top_k = 20,
            top_p = 0.9,
            max_tokens = 30,
            return_token_ids = true,
            logprobs = 0,
        });
        Assert.Equal(6, answer["choices"]!.AsArray().Count);
        for (int index = 0; index < 6; index++)
        {
            Completion alone = await DrawnAloneAsync(index < 3 ? "ab" : "xyz", options, 7, index / 3, index % 3);
            JsonNode choice = answer["choices"]![index]!;
            Assert.Equal(index, (int)choice["index"]!);
            Assert.Equal(alone.Text, (string)choice["text"]!);
            Assert.Equal(alone.TokenIds, choice["token_ids"]!.AsArray().Select(id => (int)id!));
            Assert.Equal(alone.LogProbability, (double)choice["restem"]!["logprob"]!); // bit for bit
            Assert.Equal(alone.LogProbability, choice["logprobs"]!["token_logprobs"]!.AsArray().Select(log => (double)log!).Sum());
            Assert.Equal(alone.FinishReason is FinishReason.EndOfText ? "stop" : "length", (string)choice["finish_reason"]!);
        }

        Assert.Equal(2 + 3, (int)answer["usage"]!["prompt_tokens"]!); // a prompt counts once, however many completions it has
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_tokens_whatever_else_is_served()
    {
        await using ServedBigram served = await ServedBigram.StartAsync(new BigramOptions { LaneSlots = [3, 2] });
        var asked = new { prompt = "hello", n = 2, seed = 11, max_tokens = 60 };
        string alone = (await served.ServedAsync("/v1/completions", asked))["choices"]!.ToJsonString();
        Task<JsonNode>[] crowd = [.. Enumerable.Range(0, 40).Select(number => number % 4 == 0
            ? served.ServedAsync("/v1/completions", asked)
            : served.ServedAsync("/v1/completions", new { prompt = "other " + number, n = 1 + (number % 3), seed = number, max_tokens = 5 + number }))];
        JsonNode[] answers = await Task.WhenAll(crowd);
        Assert.All(answers.Where((_, number) => number % 4 == 0), answer => Assert.Equal(alone, answer["choices"]!.ToJsonString()));
    }

    [Fact]
    public async Task Without_a_seed_completions_differ_and_the_answer_says_how_to_ask_again()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        JsonNode first = await served.ServedAsync("/v1/completions", new { prompt = "a", max_tokens = 40 });
        JsonNode second = await served.ServedAsync("/v1/completions", new { prompt = "a", max_tokens = 40 });
        Assert.NotEqual((string)first["choices"]![0]!["text"]!, (string)second["choices"]![0]!["text"]!);
        JsonNode again = await served.ServedAsync("/v1/completions", new { prompt = "a", max_tokens = 40, seed = (long)first["seed"]! });
        Assert.Equal(first["choices"]!.ToJsonString(), again["choices"]!.ToJsonString());
    }

    [Fact]
    public async Task Prompts_may_be_token_ids_and_random_numbers_an_address()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        int[] ids = BigramWeights.Tokenizer.Encode("ab", true);
        string text = (await served.ServedAsync("/v1/completions", new { prompt = "ab", seed = 3 }))["choices"]!.ToJsonString();
        Assert.Equal(text, (await served.ServedAsync("/v1/completions", new { prompt = ids, seed = 3 }))["choices"]!.ToJsonString());
        Assert.Equal(text, (await served.ServedAsync("/v1/completions", new { prompt = new[] { ids }, seed = 3 }))["choices"]!.ToJsonString());
        string address = RandomStream.Of(3, RandomPurpose.Sample).At(0, "0", 0).Address;
        Assert.Equal(text, (await served.ServedAsync("/v1/completions", new { prompt = ids, restem_streams = new[] { address } }))["choices"]!.ToJsonString());
    }

    [Theory]
    [InlineData("e", "q")]
    [InlineData("abc", "xy")]
    [InlineData("", "")]
    public async Task A_stream_says_what_the_whole_answer_has_and_never_a_stop_string(string stop, string other)
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        string[] stops = stop.Length == 0 ? [] : [stop, other];
        for (int seed = 0; seed < 10; seed++)
        {
            JsonNode whole = (await served.ServedAsync("/v1/completions", new { prompt = "abcab", seed, n = 2, max_tokens = 50, stop = stops, return_token_ids = true, logprobs = 0 }));
            var (parts, isDone) = await served.StreamedAsync("/v1/completions", new
            {
                prompt = "abcab",
                seed,
                n = 2,
                max_tokens = 50,
                stop = stops,
                return_token_ids = true,
                logprobs = 0,
                stream = true,
                stream_options = new { include_usage = true },
            });
            Assert.True(isDone);
            Assert.Equal(whole["usage"]!.ToJsonString(), parts[^1]["usage"]!.ToJsonString());
            for (int index = 0; index < 2; index++)
            {
                JsonNode choice = whole["choices"]![index]!;
                JsonNode[] said = [.. parts.Where(part => part["choices"]!.AsArray().Count > 0).Select(part => part["choices"]![0]!).Where(part => (int)part["index"]! == index)];
                Assert.Equal((string)choice["text"]!, string.Concat(said.Select(part => (string)part["text"]!)));
                Assert.Equal(choice["token_ids"]!.ToJsonString(), new JsonArray([.. said.SelectMany(part => part["token_ids"]!.AsArray()).Select(id => id!.DeepClone())]).ToJsonString());
                Assert.Equal((string)choice["finish_reason"]!, (string)said[^1]["finish_reason"]!);
                Assert.All(said[..^1], part => Assert.Null((string?)part["finish_reason"]));
            }
        }
    }

    [Fact]
    public async Task A_prompt_is_scored_without_drawing()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using IPolicy policy = new BigramEngine().Open(Weights);
        int[] ids = BigramWeights.Tokenizer.Encode("scored", true);
        float[] expected = policy.LogProbabilities([ids], CancellationToken.None).Single();
        JsonNode answer = await served.ServedAsync("/v1/completions", new { prompt = ids, echo = true, logprobs = 0, max_tokens = 0 });
        JsonArray logs = answer["choices"]![0]!["logprobs"]!["token_logprobs"]!.AsArray();
        Assert.Null(logs[0]);
        Assert.Equal(expected[1..], logs.Skip(1).Select(log => (float)(double)log!));
        Assert.Equal("scored", (string)answer["choices"]![0]!["text"]!);
        Assert.Equal([0, 1, 2, 3, 4, 5], answer["choices"]![0]!["logprobs"]!["text_offset"]!.AsArray().Select(place => (int)place!));
    }

    [Fact]
    public async Task A_chat_is_the_completion_of_its_rendered_prompt()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        JsonNode text = await served.ServedAsync("/v1/completions", new { prompt = "system:be\nuser:hi\nassistant:", seed = 5, max_tokens = 25, return_token_ids = true });
        object[] messages = [new { role = "system", content = "be" }, new { role = "user", content = new[] { new { type = "text", text = "hi" } } }];
        JsonNode chat = await served.ServedAsync("/v1/chat/completions", new { messages, seed = 5, max_completion_tokens = 25, return_token_ids = true, logprobs = true });
        JsonNode choice = chat["choices"]![0]!;
        Assert.Equal("assistant", (string)choice["message"]!["role"]!);
        Assert.Equal((string)text["choices"]![0]!["text"]!, (string)choice["message"]!["content"]!);
        Assert.Equal(text["choices"]![0]!["token_ids"]!.ToJsonString(), choice["token_ids"]!.ToJsonString());
        Assert.Equal(text["choices"]![0]!["prompt_token_ids"]!.ToJsonString(), chat["prompt_token_ids"]!.ToJsonString());
        Assert.Equal(choice["token_ids"]!.AsArray().Count, choice["logprobs"]!["content"]!.AsArray().Count);
        var (parts, _) = await served.StreamedAsync("/v1/chat/completions", new { messages, seed = 5, max_tokens = 25, stream = true });
        Assert.Equal("assistant", (string)parts[0]["choices"]![0]!["delta"]!["role"]!);
        Assert.Equal((string)choice["message"]!["content"]!, string.Concat(parts.Select(part => (string?)part["choices"]![0]!["delta"]!["content"])));
        Assert.Equal("chat.completion.chunk", (string)parts[0]["object"]!);
    }

    [Fact]
    public async Task Models_health_and_metrics_are_told()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        await served.ServedAsync("/v1/completions", new { prompt = "ab", seed = 1, max_tokens = 4, n = 2 });
        JsonNode model = JsonNode.Parse(await served.Client.GetStringAsync("/v1/models"))!["data"]![0]!;
        Assert.Equal(ServedBigram.ModelName, (string)model["id"]!);
        Assert.Equal(BigramWeights.ContextLength, (int)model["max_model_len"]!);
        Assert.Equal(Weights.Sha256, (string)model["restem"]!["weights"]!);
        Assert.Equal("ok", (string)JsonNode.Parse(await served.Client.GetStringAsync("/health"))!["status"]!);
        string metrics = await served.Client.GetStringAsync("/metrics");
        Assert.Contains("restem_prompt_tokens_total 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("restem_requests_total{path=\"/v1/completions\",status=\"200\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("restem_completions_open 0\n", metrics, StringComparison.Ordinal);
        Assert.All(metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+=""[^""]*"",?)+\})? \d+)$", line));
    }
}
