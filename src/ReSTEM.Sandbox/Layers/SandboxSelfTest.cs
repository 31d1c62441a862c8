using System.Globalization;
using System.Text;
using Polly;
using Polly.Retry;

namespace ReSTEM.Sandbox;

/// <summary>Tries to break out of each layer, from where a submission would.</summary>
public static class SandboxSelfTest
{
    // A slow machine is no missing layer: only what never ends by itself gets little time.
    private static readonly SandboxLimits ProbeLimits = new() { CpuSeconds = 60, Wall = TimeSpan.FromSeconds(60) };
    // A quarter of the shortest limit that a problem can have: every start waits for it.
    private static readonly SandboxLimits LoopLimits = ProbeLimits with { CpuSeconds = 1, MachineFactor = 0.25 };
    private static readonly SandboxLimits SleeperLimits = LoopLimits with { Wall = TimeSpan.FromMilliseconds(200) };

    // Whatever kills a process now and then does not kill three in a row. A layer that is missing is missing at once.
    private const int Attempts = 3;

    private static readonly ResiliencePipeline AgainIfKilled = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is SandboxException { WasKilled: true }),
            MaxRetryAttempts = Attempts - 1,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
        })
        .Build();

    /// <summary>What holds and what does not; one finding that a worker cannot start when it cannot.</summary>
    public static async Task<IReadOnlyList<SandboxFinding>> RunAsync(SandboxOptions options, CancellationToken cancellationToken) =>
        (await InspectAsync(options, cancellationToken)).Findings;

    /// <summary>As <see cref="RunAsync"/>, with what else a worker says about this machine.</summary>
    public static async Task<SandboxInspection> InspectAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        using var thread = new SandboxThread();
        return await thread.RunAsync(() => Run(options, cancellationToken));
    }

    private static SandboxInspection Run(SandboxOptions options, CancellationToken cancellationToken)
    {
        string attempt = "";
        string version = "";
        try
        {
            return AgainIfKilled.Execute(
                token =>
                {
                    attempt = "a worker starts";
                    using var worker = SandboxWorker.Start(options, token);
                    attempt = "a probe runs";
                    version = worker.InterpreterVersion;
                    return Test(worker, options, token);
                },
                cancellationToken);
        }
        catch (SandboxException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SandboxException failure)
        {
            string detail = failure.WasKilled ? $"{failure.Message} It was tried {Attempts} times; is there memory left?" : failure.Message;
            return new SandboxInspection(
                [new SandboxFinding(attempt, SandboxLayers.All & ~options.GivenUp, false, false, detail)], version, 1, 0);
        }
    }

    private static SandboxInspection Test(SandboxWorker worker, SandboxOptions options, CancellationToken cancellationToken)
    {
        List<SandboxFinding> findings =
        [
            new SandboxFinding("a worker starts", SandboxLayers.All & ~options.GivenUp, true, false, options.PythonPath),
            .. Probe(worker, options, cancellationToken),
            EndlessLoop(worker, options, cancellationToken),
            Sleeper(worker, cancellationToken),
        ];
        return new SandboxInspection(
            findings, worker.InterpreterVersion, MachineFactor.Measure(worker, ProbeLimits, cancellationToken), worker.BytesCopied);
    }

    /// <summary>Refuses when something does not hold.</summary>
    /// <exception cref="SandboxException">Something does not hold.</exception>
    public static void ThrowIfMissing(IReadOnlyList<SandboxFinding> findings)
    {
        var missing = findings.Where(finding => !finding.Holds && !finding.GivenUp).ToList();
        if (missing.Count > 0)
        {
            string list = string.Join("; ", missing.Select(finding => $"{finding.Name}: {finding.Detail}"));
            throw new SandboxException($"The sandbox refuses to run submissions. {list}");
        }
    }

    private static List<SandboxFinding> Probe(
        SandboxWorker worker, SandboxOptions options, CancellationToken cancellationToken)
    {
        var findings = new List<SandboxFinding>();
        // Twice: what the first probe leaves behind must be gone for the second.
        for (int round = 0; round < 2; round++)
        {
            byte[] payload = PyCodec.Encode(PyValue.Of(WorkerBundle.Probe));
            var run = worker.Run(new RunRequest(RunMode.Probe, payload, ProbeLimits), cancellationToken).Genuine();
            if (ChildFrames.ReadAll(run.Output) is not [var message])
            {
                throw new SandboxException($"The probe ended without findings (signal {run.Signal}): {run.StandardError}");
            }

            findings = [.. PyCodec.Decode(message.Span[1..]).Items.Select(item => Read(item, options.GivenUp))];
        }

        return findings;
    }

    private static SandboxFinding Read(PyValue item, SandboxLayers givenUp)
    {
        var layer = (SandboxLayers)(int)item.Items[1].Integer;
        return new SandboxFinding(
            item.Items[0].Text, layer, !item.Items[2].Integer.IsZero, givenUp.HasFlag(layer), item.Items[3].Text);
    }

    private static SandboxFinding EndlessLoop(
        SandboxWorker worker, SandboxOptions options, CancellationToken cancellationToken)
    {
        var run = RunProgram(worker, "while True: pass", LoopLimits, cancellationToken);
        // The kernel's own limit, behind the zygote's, is at 8 s, and kills: up to there it was somebody else.
        var late = TimeSpan.FromSeconds(3);
        bool inTime = (run.Cpu < late ? run.Genuine() : run).End is RunEnd.CpuLimit && run.Cpu < late;
        return new SandboxFinding(
            "an endless loop ends", SandboxLayers.Limits, inTime,
            options.GivenUp.HasFlag(SandboxLayers.Limits), Describe(run));
    }

    private static SandboxFinding Sleeper(SandboxWorker worker, CancellationToken cancellationToken)
    {
        var run = RunProgram(worker, "import time; time.sleep(60)", SleeperLimits, cancellationToken).Genuine();
        return new SandboxFinding("a sleeper ends", SandboxLayers.Limits, run.End is RunEnd.WallLimit, false, Describe(run));
    }

    private static RunOutcome RunProgram(
        SandboxWorker worker, string source, SandboxLimits limits, CancellationToken cancellationToken)
    {
        var program = PyValue.ListOf([PyValue.Of(source)]);
        byte[] payload = PyCodec.Encode(PyValue.TupleOf(program, PyValue.Of(Encoding.UTF8.GetBytes(""))));
        return worker.Run(new RunRequest(RunMode.StandardIo, payload, limits), cancellationToken);
    }

    private static string Describe(RunOutcome run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.End}, signal {run.Signal}, CPU {run.Cpu.TotalSeconds:F2} s, wall {run.Wall.TotalSeconds:F2} s");
}
