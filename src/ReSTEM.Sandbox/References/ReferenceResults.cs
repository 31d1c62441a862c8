using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>What a reference solution gave for every case, or why it gave nothing.</summary>
internal sealed record ReferenceResults
{
    /// <summary>Cases that one run of a submission takes together.</summary>
    /// <param name="First">Index of the first case.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Cpu">What the reference took for them.</param>
    /// <param name="OutputBytes">What it wrote.</param>
    public readonly record struct Batch(int First, int Count, TimeSpan Cpu, long OutputBytes);

    /// <summary>The cases in order, in as few batches as a submission's limits allow with room to spare.</summary>
    public required IReadOnlyList<Batch> Batches { get; init; }

    /// <summary>By case: an encoded list of the results that are right.</summary>
    public required IReadOnlyList<byte[]> Expected { get; init; }

    /// <summary>Null, or what is wrong with the data set: an input against the contract, or a reference that fails.</summary>
    public CodeJudgement? Fault { get; init; }

    /// <summary>Runs a reference in workers for trusted code, which never run a submission.</summary>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public static async Task<ReferenceResults> RunAsync(CodeSandbox sandbox, CodeTests tests, CancellationToken cancellationToken)
    {
        var batches = new List<Batch>();
        var expected = new List<byte[]>();
        string source = ReferenceProgram.Of(tests);
        var open = new Stack<(int First, int Count)>();
        open.Push((0, tests.Cases.Count));
        while (open.TryPop(out var range))
        {
            var operations = tests.Cases.Skip(range.First).Take(range.Count).Select(test => Operations.Call(ArgumentJson.Parse(test.Input)));
            byte[] payload = Operations.Batch([source], operations.Prepend(Operations.Entry(ReferenceProgram.EntryPoint)), goOn: true);
            var run = await sandbox.RunTestCodeAsync(RunMode.Operations, payload, cancellationToken);
            var results = ChildFrames.ReadAll(run.Output);
            if (results.Count == range.Count + 1 && results[0].Span[0] == 'v' && RunFailure.OfEnd(run) is null)
            {
                for (int i = 0; i < range.Count; i++)
                {
                    if (results[i + 1].Span[0] != 'v')
                    {
                        return Failed(RunFailure.OfMessage(results[i + 1].Span[1..]), tests, range.First + i);
                    }

                    expected.Add(results[i + 1].Span[1..].ToArray());
                }

                batches.Add(new Batch(range.First, range.Count, run.Cpu, run.Output.Length));
            }
            else if (range.Count > 1 && (results.Count == 0 || results[0].Span[0] == 'v'))
            {
                // Over a limit: half as many in a run, the first half first.
                int half = range.Count / 2;
                open.Push((range.First + half, range.Count - half));
                open.Push((range.First, half));
            }
            else
            {
                var failure = results.Count > 0 && results[0].Span[0] != 'v'
                    ? RunFailure.OfMessage(results[0].Span[1..])
                    : RunFailure.OfEnd(run) ?? new CodeJudgement(Verdict.Incorrect, "early-exit");
                return Failed(failure, tests, range.First);
            }
        }

        return new ReferenceResults { Batches = Joined(batches, sandbox.Limits), Expected = expected };
    }

    // A submission may take several times what the reference takes, in one run as in several.
    private static List<Batch> Joined(List<Batch> batches, SandboxLimits limits)
    {
        const int Room = 8;
        var joined = new List<Batch>();
        foreach (var batch in batches)
        {
            if (joined is [.., var last]
                && (last.Cpu + batch.Cpu) * Room <= TimeSpan.FromSeconds(limits.CpuSeconds)
                && (last.OutputBytes + batch.OutputBytes) * 2 <= limits.OutputBytes)
            {
                joined[^1] = new Batch(last.First, last.Count + batch.Count, last.Cpu + batch.Cpu, last.OutputBytes + batch.OutputBytes);
            }
            else
            {
                joined.Add(batch);
            }
        }

        return joined;
    }

    private static ReferenceResults Failed(CodeJudgement failure, CodeTests tests, int index) => new()
    {
        Batches = [],
        Expected = [],
        Fault = new CodeJudgement(
            Verdict.Unsupported,
            failure.Evidence.GetValueOrDefault("exception") == ReferenceProgram.ContractError ? "input-against-contract" : "reference-failed")
        {
            Evidence = failure.Evidence,
        }.With("reference", failure.Reason).AtTest(index, tests.Cases[index].Input),
    };
}
