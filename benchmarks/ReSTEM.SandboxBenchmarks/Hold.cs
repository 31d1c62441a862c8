using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Keeps workers busy with endless programs until it is killed; for the test that nothing outlives it.</summary>
internal static class Hold
{
    public static async Task RunAsync()
    {
        var options = new SandboxOptions { WorkerCount = 2, Limits = new SandboxLimits { CpuSeconds = 600 } };
        await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
        var tests = new CodeTests { Form = CodeTestForm.StandardIo, Cases = [new("", [""])] };
        var problem = new Problem { Id = "hold", Task = TaskKind.Code, Prompt = "Hold.", Tests = tests };
        var running = Enumerable.Range(0, 2).Select(_ => verifier.VerifyAsync(problem, "while True: pass", CancellationToken.None).AsTask()).ToList();
        while (ProcessTree.Of(verifier.WorkerProcessIds).Count < 6)
        {
            await Task.Delay(50);
        }

        Console.WriteLine("holding");
        await Task.WhenAll(running);
    }
}
