using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem replay</c>.</summary>
internal static class ReplayVerb
{
    internal static Command Create()
    {
        var run = new RunArguments();
        var samples = new Argument<string[]>("SAMPLE") { Description = "Names of samples, as restem samples lists them.", Arity = ArgumentArity.ZeroOrMore };
        var random = new Option<int>("--random") { Description = "In place of names: so many samples of the run, chosen at random.", DefaultValueFactory = _ => 0 };
        var seed = InputOutput.Seed();
        var threads = InputOutput.Threads();
        var verb = new Command(
            "replay",
            "Draws samples of a run again, each alone, and judges them again: the same tokens and the same verdict, or what differs and why it cannot be promised.\n\n" +
            "Exit code 0 if all are the same, bit for bit; 1 if not. Weights of epochs that were not chosen are not kept: their validation samples cannot be drawn again.\n\n" +
            "Examples: restem replay runs/quickstart '2/e-step/gsm8k-17#3'\n" +
            "          restem replay runs/quickstart --random 200");
        run.AddTo(verb, needsConfig: true);
        verb.Arguments.Add(samples);
        foreach (Option option in (Option[])[random, seed, threads])
        {
            verb.Options.Add(option);
        }

        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using LookedAtRun looked = run.Open(parsed);
            var chosen = Chosen(
                looked, parsed.GetValue(samples)!, InputOutput.InRange("--random", parsed.GetValue(random), 0, int.MaxValue), (ulong)parsed.GetValue(seed));
            return await ReplayAsync(looked, chosen, InputOutput.InRange("--threads", parsed.GetValue(threads), 0, 1024), cancellationToken);
        });
        return verb;
    }

    private static SampleRef[] Chosen(LookedAtRun run, string[] names, int random, ulong seed)
    {
        if (names.Length > 0 == random > 0)
        {
            throw new UsageException($"{(random > 0 ? "samples are named beside --random" : "no sample is named")}, expected either names of samples (restem samples {run.Folder} lists them) or --random N.");
        }

        var draws = run.Ledger.Listing.Draws();
        return names.Length > 0 ? [.. names.Select(name => Named(run, draws, name))] : AtRandom(run, draws, random, seed);
    }

    private static SampleRef Named(LookedAtRun run, IReadOnlyList<DrawListing> draws, string name) =>
        SampleRef.Parse(name, draws.Select(draw => draw.Draw)) is { } found && run.Ledger.Samples.Indices(found.Draw, found.ProblemId).Contains(found.Index)
            ? found
            : throw new UsageException($"'{name}' is no sample of {run.Folder}, expected a name like '1/e-step/PROBLEM#0'; restem samples {run.Folder} lists them.");

    private static SampleRef[] AtRandom(LookedAtRun run, IReadOnlyList<DrawListing> draws, int count, ulong seed)
    {
        DrawListing[] some = [.. draws.Where(draw => Replay.HasPolicy(run.Ledger, draw.Draw))];
        int total = (int)Math.Min(some.Sum(draw => draw.Samples), int.MaxValue);
        var sequence = RandomStream.Of(seed, RandomPurpose.Sample).Sequence();
        var wanted = new HashSet<int>();
        while (wanted.Count < Math.Min(count, total))
        {
            wanted.Add(sequence.Below(total));
        }

        return [.. some.SelectMany(draw => run.Ledger.Listing.Find(draw.Draw)).Where((_, number) => wanted.Contains(number)).Select(sample => sample.Ref)];
    }

    private static async Task<int> ReplayAsync(LookedAtRun run, SampleRef[] samples, int threads, CancellationToken cancellationToken)
    {
        RunPlan plan = run.SamePlan(cancellationToken);
        EngineConfig config = plan.Config.Engine;
        IEngine engine = EngineWiring.Create(config with { Speed = config.Speed with { Threads = threads == 0 ? config.Speed.Threads : threads } }, trains: false).Engine;
        LoopOptions options = Given.Read($"base '{plan.Config.Base}'", () => plan.Options(engine));
        await using var verifiers = await Verifiers.CreateAsync(Judged(plan, samples), plan.Verifier, plan.Seed, cancellationToken);
        if (run.Ledger.Origin is { } origin)
        {
            Doubts(plan.Identity(engine, options, verifiers.Verifier), origin).ToList().ForEach(Say);
        }

        using var policies = new PolicyShelf(engine, run.Ledger, options.Base, options.MStep.Adapter);
        using var replay = new Replay(options, plan.Problems, verifiers.Verifier, run.Ledger, policies);
        int same = 0;
        var draws = run.Ledger.Listing.Draws().ToDictionary(draw => draw.Draw);
        foreach (var draw in samples.GroupBy(sample => sample.Draw))
        {
            if (!Replay.HasPolicy(run.Ledger, draw.Key))
            {
                draw.ToList().ForEach(sample => Console.WriteLine($"lost     {sample}: the weights of that epoch were not chosen, and not kept"));
                continue;
            }

            PolicyDoubts(draws[draw.Key], replay.PolicyOf(draw.Key).Policy.Fingerprint).ToList().ForEach(Say);
            foreach (SampleRef sample in draw)
            {
                var differences = (await replay.RunAsync(sample, cancellationToken)).Differences;
                same += differences.Count == 0 ? 1 : 0;
                Console.WriteLine(differences.Count == 0 ? $"same     {sample}" : $"differs  {sample}: {string.Join("; ", differences)}");
            }
        }

        Console.WriteLine($"{same} of {samples.Length} samples have the same tokens, log-probability and finding, bit for bit");
        return same == samples.Length ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The problems whose verifiers are needed: a sandbox is started for code only.</summary>
    private static IEnumerable<Problem> Judged(RunPlan plan, SampleRef[] samples)
    {
        HashSet<string> ids = [.. samples.Select(sample => sample.ProblemId)];
        return plan.Problems.All.Where(problem => ids.Contains(problem.Id));
    }

    /// <summary>What the run was begun with that is not so here. Engines are left to the draws, each of which says what it was drawn by.</summary>
    private static IEnumerable<string> Doubts(RunIdentity now, RunIdentity origin) => now.Differences(origin)
        .Where(part => !RunIdentity.IsOfEngine(part.Name) && part is not { Now: null })
        .Select(part => $"not promised: {part.Name} is {part.Now}, and was {part.Before ?? "nothing"} when the run was begun");

    private static IEnumerable<string> PolicyDoubts(DrawListing draw, PolicyFingerprint here)
    {
        string name = $"{draw.Draw.Name} of iteration {draw.Draw.Iteration}";
        if (!draw.Policy.Engine.Deterministic)
        {
            yield return $"not promised: {name} was drawn by {draw.Policy.Engine.Describe()}";
        }
        else if (!SampleListing.IsSame(draw, here with { WeightsSha256 = draw.Policy.WeightsSha256 }))
        {
            yield return $"not promised: {name} was drawn by {draw.Policy.Engine.Describe()}, here is {here.Engine.Describe()}";
        }

        if (draw.Policy.WeightsSha256 != here.WeightsSha256)
        {
            yield return $"not promised: {name} was drawn from weights {draw.Policy.WeightsSha256}, here are {here.WeightsSha256}";
        }
    }

    private static void Say(string line) => Console.Error.WriteLine(line);
}
