using System.Runtime.CompilerServices;
using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A model that judges in several rounds, each an annotator.</summary>
public sealed class ModelJudgeTests
{
    private static readonly Problem Any = FakeProblem.Make("train", 1, 0)[0];

    [Fact]
    public async Task Each_round_that_says_either_is_a_rating_and_most_decide()
    {
        string[] answers = ["Yes, it is.", " no", "<think>no</think>\nYES", "perhaps", "<think>yes", "yes"];
        await using var policy = new SharedPolicy(new Answering((_, round) => answers[round % answers.Length]));
        Finding finding = await Judge(policy, rounds: 6).VerifyAsync(Any, "#### 1", CancellationToken.None);
        Assert.Equal(["correct", "not", "correct", "correct"], PanelVerifier.RatingsOf(finding)); // neither perhaps nor unclosed reasoning says anything
        Assert.Equal(Verdict.Correct, finding.Verdict);
        Assert.Equal(Verdict.Incorrect, (await Judge(policy, rounds: 2).VerifyAsync(Any, "#### 1", CancellationToken.None)).Verdict); // one of two is not most
        await using var silent = new SharedPolicy(new Answering((_, _) => "perhaps"));
        Finding none = await Judge(silent, rounds: 3).VerifyAsync(Any, "#### 1", CancellationToken.None);
        Assert.Equal(Verdict.Unparsable, none.Verdict);
        Assert.Empty(PanelVerifier.RatingsOf(none)!);
    }

    [Fact]
    public async Task It_is_asked_about_this_problem_and_this_completion()
    {
        var asked = new List<string>();
        await using var policy = new SharedPolicy(new Answering((question, _) =>
        {
            asked.Add(question);
            return "yes";
        }));
        await Judge(policy, rounds: 2).VerifyAsync(Any, "says {reference}", CancellationToken.None);
        Assert.Equal(Enumerable.Repeat($"Q {Any.Prompt} A says {{reference}} R {Any.Reference}?", 2), asked); // what is filled in is text
    }

    [Fact]
    public async Task Ratings_stand_in_the_panel_beside_the_run_s_own_verifier()
    {
        await using var policy = new SharedPolicy(new Answering((_, round) => round == 1 ? "no" : "yes"));
        var panel = new PanelVerifier(new FakeVerifier(), [Judge(policy, rounds: 3), new FakeVerifier()]);
        Assert.Equal(
            ["correct", "correct", "not", "correct", "correct"], PanelVerifier.RatingsOf(await panel.VerifyAsync(Any, "#### " + Any.Reference, CancellationToken.None)));
        Assert.Equal("fake 1 beside judge beside fake 1", panel.VersionOf(TaskKind.Math));
    }

    [Fact]
    public async Task An_engine_that_fails_is_no_rating_and_is_asked_again()
    {
        int calls = 0;
        await using var policy = new SharedPolicy(new Answering((_, _) => ++calls == 1 ? throw new EngineException("the server is gone.") : "yes"));
        ModelJudge judge = Judge(policy, rounds: 1);
        Finding failed = await judge.VerifyAsync(Any, "#### 1", CancellationToken.None);
        Assert.Equal((Verdict.VerifierFailed, "judge-failed"), (failed.Verdict, failed.Reason));
        Assert.Equal(Verdict.Correct, (await judge.JudgeAsync(Any, "#### 1", CancellationToken.None)).Verdict);
    }

    [Fact]
    public async Task A_question_that_does_not_fit_is_not_asked()
    {
        await using var policy = new SharedPolicy(new Answering((_, _) => throw new InvalidOperationException("asked")));
        Finding finding = await Judge(policy, rounds: 3).VerifyAsync(Any, new string('x', FakeEngine.ContextLength), CancellationToken.None);
        Assert.Equal((Verdict.Unparsable, "question-too-long"), (finding.Verdict, finding.Reason));
        Assert.Empty(PanelVerifier.RatingsOf(finding)!);
    }

    [Fact]
    public async Task In_the_loop_the_M_step_sees_what_all_rounds_agree_on_whatever_the_workers()
    {
        string[] digests = [await RunAsync(1), await RunAsync(4)];
        Assert.Equal(digests[0], digests[1]);

        static async Task<string> RunAsync(int workers)
        {
            await using var policy = new SharedPolicy(new Answering());
            using FakeRun run = FakeRun.Small();
            run.Verifier = new PanelVerifier(new FakeVerifier(), [Judge(policy, rounds: 3)]);
            run.Options = run.Options with
            {
                EStep = run.Options.EStep with { Agreement = 1, Samples = 8 },
                Drawing = run.Options.Drawing with { VerifierWorkers = workers },
            };
            await run.StartAsync();
            Sample[] drawn = [.. run.Samples(DrawId.EStep(1))];
            string[][] ratings = [.. drawn.Select(sample => PanelVerifier.RatingsOf(sample.Finding)!.ToArray())];
            Assert.All(ratings, one => Assert.Equal(4, one.Length));
            var measures = run.Read(ledger => ledger.Measures.Read(1));
            Assert.Equal(KrippendorffAlpha.Nominal(ratings)!.Value, measures[Measure.PanelAlpha].Value, precision: 12);
            Assert.InRange(measures[Measure.PanelWithheld].Value, 1, drawn.Length - 1);
            Assert.All(run.Read(ledger => ledger.Kept.Read(1).ToArray()), kept => Assert.Equal(Enumerable.Repeat("correct", 4), PanelVerifier.RatingsOf(kept.Sample.Finding)));
            return run.Read(ledger => ledger.ContentDigest());
        }
    }

    /// <summary>The quickstart's model goes on with digits; two threads ask at once.</summary>
    [Fact]
    public async Task A_model_of_the_managed_engine_says_the_same_again_however_it_is_asked()
    {
        JudgeConfig config = new()
        {
            Model = Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart", "base"),
            Ask = "{completion}",
            Correct = "3",
            Not = "7",
            Rounds = 60,
            Sampling = new SamplingOptions { Temperature = 2, MaxTokens = 2 },
        };
        string[] completions = ["There are 12", "3 + 4 = ", "(5 + 2) * 3 = ", "Ann has 1"];
        string[][] alone = await AskAsync(config with { Engine = new EngineConfig { Speed = new EngineSpeed { Threads = 1, Slots = 2 } } }, together: false);
        Assert.Equal(alone, await AskAsync(config, together: true));
        Assert.Contains(alone, ratings => ratings.Distinct().Count() == 2);
        Assert.StartsWith("judge 1 of 60 rounds ", Version(config), StringComparison.Ordinal);
        Assert.NotEqual(Version(config), Version(config with { Ask = "{completion} " }));
        Assert.Equal(Version(config), Version(config with { Engine = new EngineConfig { Speed = new EngineSpeed { Threads = 1 } } }));

        async Task<string[][]> AskAsync(JudgeConfig config, bool together)
        {
            var (judge, model) = JudgeWiring.Open(config, "judge", seed: 5);
            await using (model)
            {
                if (together)
                {
                    return await Task.WhenAll(completions.Select(async completion => RatingsOf(await judge.VerifyAsync(Any, completion, CancellationToken.None))));
                }

                List<string[]> ratings = [];
                foreach (string completion in completions)
                {
                    ratings.Add(RatingsOf(await judge.VerifyAsync(Any, completion, CancellationToken.None)));
                }

                return [.. ratings];
            }
        }

        static string[] RatingsOf(Finding finding) => [.. PanelVerifier.RatingsOf(finding)!];
        static string Version(JudgeConfig config)
        {
            var (judge, model) = JudgeWiring.Open(config, "judge", seed: 5);
            model.DisposeAsync().AsTask().Wait();
            return judge.VersionOf(TaskKind.Math);
        }
    }

    [Theory]
    [InlineData("{model: m, ask: \"{prompt}\"}", "verifier.annotators.0.judge.ask does not hold {completion}, expected it: what is judged.")]
    [InlineData("{model: m, ask: \"{completion} {answer}\"}", "verifier.annotators.0.judge.ask holds {answer}, expected {prompt}, {completion}, {reference}.")]
    [InlineData("{model: m, ask: \"{completion}\", not: Yes it is not}", "verifier.annotators.0.judge.correct is 'yes' and not is 'Yes it is not', expected two texts of which none begins with the other.")]
    [InlineData("{model: m, ask: \"{completion}\", rounds: 0}", "verifier.annotators.0.judge.rounds is 0, expected 1 to 100.")]
    [InlineData("{model: m, ask: \"{completion}\", engine: {name: remote}}", "verifier.annotators.0.judge.engine.endpoints is empty, expected the addresses of servers for the engine remote.")]
    [InlineData("{model: m, ask: \"{completion}\", engine: {train: managed}}", "verifier.annotators.0.judge.engine.train is managed, expected none: a judge is not trained.")]
    [InlineData("{model: m, ask: \"{completion}\"}, last_number: true", "verifier.annotators.0 has a judge beside last_number or repairs, expected one of them: a model has no such rules.")]
    public void What_cannot_be_asked_is_refused(string judge, string fault)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(
            scratch.File("run.yaml"), "name: run\nbase: model\nproblems: {train: {generate: {kinds: [word], split: train, count: 3}}}\nverifier: {annotators: [{judge: " + judge + "}]}\n");
        Assert.Contains(fault, Assert.Throws<ConfigException>(() => RunPlan.Read(scratch.File("run.yaml"), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_model_is_named_and_found_from_the_configuration()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(
            scratch.File("run.yaml"), "name: run\nbase: model\nproblems: {train: {generate: {kinds: [word], split: train, count: 3}}}\nverifier: {annotators: [{judge: {model: there, ask: \"{completion}\"}}]}\n");
        JudgeConfig judge = RunPlan.Read(scratch.File("run.yaml"), []).Verifier.Annotators![0].Judge!;
        Assert.Equal(scratch.File("there"), judge.Model);
        Assert.StartsWith(
            $"verifier.annotators.0.judge.model '{judge.Model}' cannot be used: ",
            Assert.Throws<UsageException>(() => JudgeWiring.Open(judge, "verifier.annotators.0.judge", 1)).Message, StringComparison.Ordinal);
    }

    private static ModelJudge Judge(SharedPolicy policy, int rounds) => new(
        policy, new FakeEngine(_ => { }, 1, null!).Describe(new PolicyRef("", "")), "judge",
        new JudgeOptions
        {
            Ask = "Q {prompt} A {completion} R {reference}?",
            Correct = "yes",
            Not = "no",
            Rounds = rounds,
            Sampling = new SamplingOptions { MaxTokens = 8 },
            Prompt = new PromptOptions(),
        },
        seed: 3);

    /// <summary>Answers a question in each round as it is told, else as its random numbers say: in four of five rounds with yes.</summary>
    private sealed class Answering(Func<string, int, string>? answer = null) : IPolicy
    {
        public PolicyFingerprint Fingerprint { get; } = new("judge", FakeEngine.Identity);

        public async IAsyncEnumerable<Completion> SampleAsync(
            IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            int round = 0;
            foreach (SampleRequest request in requests)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string question = string.Concat(request.PromptIds.Select(id => (char)id));
                string text = answer?.Invoke(question, round++) ?? (request.Random.Uniform(0) < 0.8 ? "yes" : "no");
                yield return new Completion
                {
                    ProblemId = request.ProblemId,
                    Index = request.Index,
                    TokenIds = [1],
                    Text = text,
                    FinishReason = FinishReason.EndOfText,
                    LogProbability = 0,
                };
            }
        }

        public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
            throw new NotSupportedException("a judge is asked for log-probabilities, expected samples only.");

        public void Dispose()
        {
        }
    }
}
