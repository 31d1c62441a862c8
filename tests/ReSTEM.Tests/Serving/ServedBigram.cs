using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Core;
using ReSTEM.Serving;

namespace ReSTEM.Tests;

/// <summary>A server of the bigram engine, with a caller.</summary>
internal sealed class ServedBigram : IAsyncDisposable
{
    internal const string ModelName = "table";

    private readonly string _folder;
    private readonly ApiServer _server;

    private ServedBigram(string folder, ApiServer server)
    {
        (_folder, _server) = (folder, server);
        Client = new HttpClient { BaseAddress = server.Address };
    }

    internal HttpClient Client { get; }

    internal Uri Address => _server.Address;

    /// <summary>Folder of models that may be loaded.</summary>
    internal string Models => Path.Combine(_folder, "models");

    internal static async Task<ServedBigram> StartAsync(BigramOptions? engine = null, ServingOptions? options = null, Verification? verification = null)
    {
        string folder = Directory.CreateTempSubdirectory("restem-serving-").FullName;
        string model = Path.Combine(folder, "models", "first");
        BigramWeights.Random().Save(model);
        var bigram = new TalkingBigram(new BigramEngine(engine ?? new BigramOptions()));
        options = (options ?? new ServingOptions()) with { LoadRoots = [Path.Combine(folder, "models")] };
        ApiServer server = await ApiServer.StartAsync(
            new ModelToServe(bigram, bigram.Resolve(model), ModelName), verification, 0, options, TimeProvider.System, CancellationToken.None);
        return new ServedBigram(folder, server);
    }

    /// <summary>Asks with a body of JSON.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Body, HttpResponseHeaders Headers)> PostAsync(string path, object body)
    {
        using HttpResponseMessage response = await Client.PostAsync(path, Json(body));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!, response.Headers);
    }

    /// <summary>Asks, and is served.</summary>
    internal async Task<JsonNode> ServedAsync(string path, object body)
    {
        var (status, answer, _) = await PostAsync(path, body);
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        return answer;
    }

    /// <summary>Asks, and is refused: the message.</summary>
    internal async Task<string> RefusedAsync(HttpStatusCode expected, string path, object body)
    {
        var (status, answer, _) = await PostAsync(path, body);
        Assert.True(status == expected, answer.ToJsonString());
        Assert.Equal((int)expected, (int)answer["error"]!["code"]!);
        Assert.NotNull((string?)answer["error"]!["type"]);
        return (string)answer["error"]!["message"]!;
    }

    /// <summary>The parts of a stream, and whether it ended as one does.</summary>
    internal async Task<(IReadOnlyList<JsonNode> Parts, bool IsDone)> StreamedAsync(string path, object body)
    {
        using HttpResponseMessage response = await Client.PostAsync(path, Json(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string[] events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        return ([.. events.Where(line => line != "data: [DONE]").Select(line => JsonNode.Parse(line["data: ".Length..])!)], events[^1] == "data: [DONE]");
    }

    internal static StringContent Json(object body) => new(
        body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The engine, with a chat template: every turn is its role, a colon and what was said, a line each.</summary>
    private sealed class TalkingBigram(BigramEngine engine) : IEngine, IChatRenderer
    {
        public EngineFingerprint Fingerprint => engine.Fingerprint;

        public EngineCapabilities Capabilities => engine.Capabilities;

        public ITrainer Trainer => engine.Trainer;

        public PolicyRef Resolve(string folder) => engine.Resolve(folder);

        public ModelInfo Describe(PolicyRef policy) => engine.Describe(policy) with { Chat = this };

        public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => engine.MemoryOf(policy, use);

        public IPolicy Open(PolicyRef policy) => engine.Open(policy);

        public string Digest(ChatTemplateText? template) => "lines";

        public string Render(ChatTemplateText? template, IReadOnlyList<ChatTurn> turns, bool addGenerationPrompt, DateOnly? date) =>
            string.Concat(turns.Select(turn => $"{turn.Role}:{turn.Content}\n")) + (addGenerationPrompt ? "assistant:" : "");
    }
}
