using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ReSTEM.Serving;

namespace ReSTEM.Tests;

public sealed class ServerFaultTests
{
    [Theory]
    [InlineData("", "the body is not readable JSON: it is empty")]
    [InlineData("[1]", "the body is a list, expected a JSON object.")]
    [InlineData("{\"prompt\": \"a\"", "it ends before it is complete")]
    [InlineData("{}", "prompt is missing")]
    [InlineData("{\"prompt\": 5}", "prompt is 5, expected a text, token ids, or a list of them.")]
    [InlineData("{\"prompt\": []}", "prompt is a list, expected a text, token ids")]
    [InlineData("{\"prompt\": [1, \"a\"]}", "prompt is \"a\", expected token ids")]
    [InlineData("{\"prompt\": [1, 100000]}", "a token id is 100000, expected 0 to ")]
    [InlineData("{\"prompt\": \"\"}", "the prompt has 0 tokens, expected 1 to 127")]
    [InlineData("{\"prompt\": \"a\\ud800\"}", "prompt is not valid text")]
    [InlineData("{\"prompt\": \"a\", \"n\": 0}", "n is 0, expected a whole number from 1 to 1024.")]
    [InlineData("{\"prompt\": \"a\", \"n\": 1.5}", "n is 1.5, expected a whole number")]
    [InlineData("{\"prompt\": \"a\", \"temperature\": -1}", "temperature is -1, expected 0 (greedy)")]
    [InlineData("{\"prompt\": \"a\", \"temperature\": \"hot\"}", "temperature is \"hot\", expected a number.")]
    [InlineData("{\"prompt\": \"a\", \"top_p\": 0}", "top_p is 0, expected more than 0")]
    [InlineData("{\"prompt\": \"a\", \"top_k\": -2}", "top_k is -2, expected a whole number from -1")]
    [InlineData("{\"prompt\": \"a\", \"max_tokens\": 0}", "max_tokens is 0, expected a whole number from 1")]
    [InlineData("{\"prompt\": \"a\", \"stop\": [\"\"]}", "stop holds an empty text")]
    [InlineData("{\"prompt\": \"a\", \"stop\": 3}", "stop is 3, expected a text.")]
    [InlineData("{\"prompt\": \"a\", \"seed\": -1}", "seed is -1, expected a whole number from 0")]
    [InlineData("{\"prompt\": \"a\", \"logprobs\": 5}", "logprobs is 5, expected 0 (the token's own log-probability) or null: this server")]
    [InlineData("{\"prompt\": \"a\", \"presence_penalty\": 0.5}", "presence_penalty is 0.5, expected 0: this server")]
    [InlineData("{\"prompt\": \"a\", \"best_of\": 2}", "best_of is 2, expected n (1)")]
    [InlineData("{\"prompt\": \"a\", \"suffix\": \"b\"}", "suffix is \"b\", expected none")]
    [InlineData("{\"prompt\": \"a\", \"temprature\": 1}", "temprature is unknown, expected only best_of, ")]
    [InlineData("{\"prompt\": \"a\", \"stream_options\": {\"x\": 1}}", "stream_options.x is unknown")]
    [InlineData("{\"prompt\": \"a\", \"stream\": \"yes\"}", "stream is \"yes\", expected true or false.")]
    [InlineData("{\"prompt\": \"a\", \"stream\": true, \"echo\": true}", "echo is true with stream")]
    [InlineData("{\"prompt\": \"a\", \"restem_streams\": [\"xyz\"]}", "restem_streams holds 'xyz', expected addresses of 40")]
    [InlineData("{\"prompt\": \"a\", \"n\": 2, \"restem_streams\": [\"0123456789012345678901234567890123456789\"]}", "restem_streams has 1 addresses, expected 2")]
    [InlineData("{\"prompt\": [\"a\", \"b\"], \"n\": 600}", "n is 600 for 2 prompts, expected at most 1024")]
    [InlineData("{\"prompt\": \"a\", \"n\": 300}", "the request asks for 300 completions, expected at most 256 at once.")]
    public async Task What_cannot_be_served_is_told_by_field_value_and_what_is_allowed(string body, string message)
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Assert.Contains(message, await served.RefusedAsync(HttpStatusCode.BadRequest, "/v1/completions", body), StringComparison.Ordinal);
        await served.ServedAsync("/v1/completions", new { prompt = "goes on" });
    }

    [Theory]
    [InlineData("{}", "messages is missing")]
    [InlineData("{\"messages\": []}", "messages is a list, expected a list of messages {role, content}.")]
    [InlineData("{\"messages\": [{\"role\": \"user\"}]}", "messages[0] is an object, expected an object with role and content")]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]}", "messages[0].content is an object, expected parts {type: text, text}")]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": \"a\", \"tool_calls\": []}]}", "messages[0] has tool_calls, expected role and content alone.")]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"tools\": [{}]}", "tools is a list, expected none")]
    [InlineData("{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"response_format\": {\"type\": \"json_object\"}}", "response_format is an object, expected {\"type\": \"text\"}")]
    public async Task Chats_that_cannot_be_served_are_told_too(string body, string message)
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Assert.Contains(message, await served.RefusedAsync(HttpStatusCode.BadRequest, "/v1/chat/completions", body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_model_another_path_and_other_weights_are_not_found()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Assert.Equal(
            "model is 'gpt', expected 'table', which is the one served here.",
            await served.RefusedAsync(HttpStatusCode.NotFound, "/v1/completions", new { model = "gpt", prompt = "a" }));
        Assert.Contains("POST /v1/embeddings is no part of this server", await served.RefusedAsync(HttpStatusCode.NotFound, "/v1/embeddings", new { }), StringComparison.Ordinal);
        Assert.Contains("restem_weights is 00, expected ", await served.RefusedAsync(HttpStatusCode.Conflict, "/v1/completions", new { prompt = "a", restem_weights = "00" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_of_another_kind_or_too_long_are_refused()
    {
        await using ServedBigram served = await ServedBigram.StartAsync(options: new ServingOptions { MostBodyBytes = 1000 });
        using HttpResponseMessage plain = await served.Client.PostAsync("/v1/completions", new StringContent("{\"prompt\": \"a\"}", Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode); // what a page of another site could send
        Assert.Contains(
            "the body has more than 1000 bytes", await served.RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "/v1/completions", new { prompt = new string('a', 1000) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_need_the_key_where_there_is_one_and_the_name_of_this_machine()
    {
        await using ServedBigram served = await ServedBigram.StartAsync(options: new ServingOptions { ApiKey = "secret" });
        Assert.Contains("the API key is missing", await served.RefusedAsync(HttpStatusCode.Unauthorized, "/v1/completions", new { prompt = "a" }), StringComparison.Ordinal);
        served.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "other");
        Assert.Contains("the API key is another one", await served.RefusedAsync(HttpStatusCode.Unauthorized, "/v1/completions", new { prompt = "a" }), StringComparison.Ordinal);
        served.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        await served.ServedAsync("/v1/completions", new { prompt = "a" });
        served.Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.OK, (await served.Client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.Client.GetAsync("/metrics")).StatusCode);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/health");
        elsewhere.Headers.Host = "example.org";
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await served.Client.SendAsync(elsewhere)).StatusCode);
    }

    [Fact]
    public async Task Whoever_does_not_fit_in_comes_again_later()
    {
        using var gate = new ManualResetEventSlim();
        await using ServedBigram served = await ServedBigram.StartAsync(
            new BigramOptions { OnStep = _ => gate.Wait() }, new ServingOptions { MostWaiting = 4 });
        Task<JsonNode> first = served.ServedAsync("/v1/completions", new { prompt = "a", n = 3 });
        try
        {
            await EventuallyAsync(async () => (await served.Client.GetStringAsync("/metrics")).Contains("restem_completions_open 3", StringComparison.Ordinal));
            var (status, answer, headers) = await served.PostAsync("/v1/completions", new { prompt = "a", n = 2 }).WaitAsync(TimeSpan.FromMinutes(1)); // one who is let in waits for ever
            Assert.Equal(HttpStatusCode.TooManyRequests, status);
            Assert.Equal("rate_limit_error", (string)answer["error"]!["type"]!);
            Assert.True(headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
        finally
        {
            gate.Set();
        }

        await first;
        await served.ServedAsync("/v1/completions", new { prompt = "a", n = 4 });
    }

    [Fact]
    public async Task An_engine_that_fails_is_told_to_all_and_asked_again_by_the_next()
    {
        int left = 1;
        await using ServedBigram served = await ServedBigram.StartAsync(new BigramOptions
        {
            OnStep = _ => _ = Interlocked.Decrement(ref left) >= 0 ? throw new InvalidDataException("the logits are not numbers") : 0,
        });
        Assert.Contains("drawing failed: the logits are not numbers", await served.RefusedAsync(HttpStatusCode.ServiceUnavailable, "/v1/completions", new { prompt = "a" }), StringComparison.Ordinal);
        await served.ServedAsync("/v1/completions", new { prompt = "a" });
    }

    [Fact]
    public async Task A_caller_who_goes_gives_his_slot_back()
    {
        using var gate = new ManualResetEventSlim();
        await using ServedBigram served = await ServedBigram.StartAsync(new BigramOptions { LaneSlots = [1], OnStep = _ => gate.Wait() });
        using var gone = new CancellationTokenSource();
        Task<HttpResponseMessage> first = served.Client.PostAsync("/v1/completions", ServedBigram.Json(new { prompt = "a", max_tokens = 100 }), gone.Token);
        await EventuallyAsync(async () => (await served.Client.GetStringAsync("/metrics")).Contains("restem_completions_open 1", StringComparison.Ordinal));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await EventuallyAsync(async () => (await served.Client.GetStringAsync("/metrics")).Contains("restem_completions_open 0", StringComparison.Ordinal));
        gate.Set();
        await served.ServedAsync("/v1/completions", new { prompt = "b", max_tokens = 3 });
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
        }
    }
}
