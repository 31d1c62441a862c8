using ReSTEM.Core;
using ReSTEM.Remote;

namespace ReSTEM.Tests;

/// <summary>Servers of other programs: the right weights under a name of their own, or no sample.</summary>
public sealed class ForeignServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("restem-foreign-").FullName;
    private readonly BigramWeights _base = BigramWeights.Random();
    private readonly BigramWeights _adapted = BigramWeights.Random(spread: 1);

    public ForeignServerTests()
    {
        _base.Save(PathOf("base"));
        _adapted.Save(PathOf("adapter"));
    }

    private PolicyRef Base => new(PathOf("base"), _base.Sha256);

    private PolicyRef Adapted => new(PathOf("base"), _base.Sha256, new AdapterRef(PathOf("adapter"), _adapted.Sha256, _base.Sha256));

    [Fact]
    public async Task Base_and_adapter_are_sampled_each_under_its_name()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        using RemoteEngine engine = Connect(server);
        Assert.Equal("openai-api 0.28.0 unknown on servers, model llama, not deterministic", engine.Fingerprint.Describe());
        foreach (var (policy, weights) in new[] { (Base, _base), (Adapted, _adapted), (Base, _base) })
        {
            using IPolicy opened = engine.Open(policy);
            SampleRequest[] requests = [.. RemoteRig.Requests(3)];
            List<Completion> drawn = await PolicyUse.DrawAsync(opened, requests);
            PolicyUse.AssertSame(await ExpectedAsync(weights, requests), drawn);
        }

        Assert.Equal(PathOf("adapter"), server.Folders["restem-" + _adapted.Sha256[..16]]);
    }

    [Fact]
    public async Task Scores_are_those_of_the_prompt()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        using RemoteEngine engine = Connect(server);
        using IPolicy policy = engine.Open(Adapted), local = new BigramEngine().Open(_adapted);
        int[][] sequences = [.. Enumerable.Range(1, 40).Select(length => BigramWeights.Tokenizer.Encode(new string('x', length) + "yz", true))];
        Assert.Equal(local.LogProbabilities(sequences, CancellationToken.None), policy.LogProbabilities(sequences, CancellationToken.None));
    }

    [Fact]
    public async Task Other_weights_under_the_models_name_draw_nothing()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("adapter"));
        using RemoteEngine engine = Connect(server);
        Assert.Equal(
            $"{server.Address}: its weights in {PathOf("adapter")} are {_adapted.Sha256}, expected {_base.Sha256} ({PathOf("base")}); engine.load_command could start it with others. What was drawn is kept; mend the server, and the same command goes on.",
            await RefusedAsync(engine, Base));
        server.Restart("meta-llama/Llama-3.1-8B");
        Assert.Contains("it serves llama from 'meta-llama/Llama-3.1-8B', which is no folder here", await RefusedAsync(engine, Base), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_that_was_altered_or_is_not_loaded_draws_nothing()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        using RemoteEngine engine = Connect(server);
        server.LoadsNothing = true;
        Assert.Contains("it does not list restem-" + _adapted.Sha256[..16], await RefusedAsync(engine, Adapted), StringComparison.Ordinal);
        PolicyRef named = Adapted;
        BigramWeights.Random(spread: 3).Save(PathOf("adapter"));
        Assert.Contains("they were altered", await RefusedAsync(engine, named), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_started_anew_without_the_adapter_is_given_it_again()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        using RemoteEngine engine = Connect(server);
        using IPolicy policy = engine.Open(Adapted);
        await PolicyUse.DrawAsync(policy, RemoteRig.Requests(1));
        server.Restart(PathOf("base"));
        SampleRequest[] requests = [.. RemoteRig.Requests(1)];
        PolicyUse.AssertSame(await ExpectedAsync(_adapted, requests), await PolicyUse.DrawAsync(policy, requests));
    }

    [Fact]
    public async Task Whole_checkpoints_are_served_by_a_command_that_starts_the_server_anew()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        string said = PathOf("said.txt");
        File.WriteAllText(PathOf("start.sh"), $"echo \"$RESTEM_ENDPOINT $RESTEM_MODEL $RESTEM_FOLDER $RESTEM_SHA256\" > '{said}'\n");
        using RemoteEngine engine = Connect(server, new ForeignServer { Model = FakeVllm.ModelName, LoadCommand = ["sh", PathOf("start.sh")] });
        var policy = new PolicyRef(PathOf("adapter"), _adapted.Sha256);
        Assert.Contains("also after engine.load_command", await RefusedAsync(engine, policy), StringComparison.Ordinal);
        Assert.Equal($"{server.Address} llama {PathOf("adapter")} {_adapted.Sha256}\n", File.ReadAllText(said));
        File.WriteAllText(PathOf("start.sh"), "echo it is broken >&2; exit 3\n");
        Assert.Contains("engine.load_command (sh) ended with 3, expected 0: it is broken", await RefusedAsync(engine, policy), StringComparison.Ordinal);
        server.Restart(PathOf("adapter")); // as the command would
        using IPolicy opened = engine.Open(policy);
        SampleRequest[] requests = [.. RemoteRig.Requests(1)];
        PolicyUse.AssertSame(await ExpectedAsync(_adapted, requests), await PolicyUse.DrawAsync(opened, requests));
    }

    [Fact]
    public async Task Answers_of_another_model_or_without_token_ids_are_refused_unless_texts_are_to_be_re_encoded()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        using RemoteEngine engine = Connect(server);
        server.Change = answer => answer["model"] = "another";
        Assert.Contains("it is of the model another, expected llama", await RefusedAsync(engine, Base), StringComparison.Ordinal);
        server.Change = answer => answer["choices"]![0]!.AsObject().Remove("token_ids");
        Assert.Contains("it tells no token ids; engine.reencode makes them of the text", await RefusedAsync(engine, Base), StringComparison.Ordinal);

        using RemoteEngine reencoding = Connect(server, new ForeignServer { Model = FakeVllm.ModelName, Reencodes = true });
        Assert.Contains("token ids re-encoded from texts", reencoding.Fingerprint.Describe(), StringComparison.Ordinal);
        using IPolicy policy = reencoding.Open(Base);
        SampleRequest[] requests = [.. RemoteRig.Requests(2).Select(request => request with { Options = new SamplingOptions { MaxTokens = 30 } })];
        List<Completion> expected = await ExpectedAsync(_base, requests);
        List<Completion> drawn = await PolicyUse.DrawAsync(policy, requests);
        Assert.Equal(expected.Select(item => string.Join(' ', item.TokenIds)), drawn.Select(item => string.Join(' ', item.TokenIds))); // of a tokenizer that has one token a character
    }

    [Fact]
    public async Task A_text_that_is_not_that_of_the_token_ids_is_refused_and_one_with_other_spaces_is_not()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        using RemoteEngine engine = Connect(server);
        server.Change = answer => answer["choices"]![0]!["text"] = answer["choices"]![0]!["text"] + "x";
        Assert.Contains("its answer cannot be used: its text is not that of its token ids", await RefusedAsync(engine, Base), StringComparison.Ordinal);
        server.Change = answer => answer["choices"]![0]!["text"] = $" {answer["choices"]![0]!["text"]}\uFFFD";
        using IPolicy policy = engine.Open(Base);
        Assert.NotEmpty(await PolicyUse.DrawAsync(policy, RemoteRig.Requests(1)));
    }

    [Fact]
    public async Task A_model_that_is_not_served_is_told_at_the_start()
    {
        await using FakeVllm server = await FakeVllm.StartAsync(PathOf("base"));
        var fault = Assert.Throws<EngineException>(() => Connect(server, new ForeignServer { Model = "mistral" }));
        Assert.StartsWith($"{server.Address}: it serves llama, expected mistral (engine.model)", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RemoteEngine Connect(FakeVllm server, ForeignServer? foreign = null) => RemoteRig.Connect(
        RemoteRig.Options(server.Address) with { Retries = 2, Foreign = foreign ?? new ForeignServer { Model = FakeVllm.ModelName } });

    /// <summary>What a policy of this machine draws with the seeds that servers are given.</summary>
    private static Task<List<Completion>> ExpectedAsync(BigramWeights weights, IEnumerable<SampleRequest> requests) => RemoteRig.ExpectedAsync(
        weights, [.. requests.Select(request => request with { Random = RandomStream.Of(request.Random.Block(uint.MaxValue).X0 >> 1, RandomPurpose.Sample).At(0, "p", 0) })]);

    private static async Task<string> RefusedAsync(RemoteEngine engine, PolicyRef policy)
    {
        using IPolicy opened = engine.Open(policy);
        return (await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(opened, RemoteRig.Requests(1)))).Message;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
