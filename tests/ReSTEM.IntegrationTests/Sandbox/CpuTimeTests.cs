using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>What limits of CPU time count, with programs that look at their own clocks: so no machine is too slow or too fast.</summary>
public sealed class CpuTimeTests
{
    // Reads zeros into a buffer: the kernel writes them.
    private const string InTheKernel = "import resource\nzero = open('/dev/zero', 'rb', buffering=0)\nbuffer = bytearray(32 << 20)\n";
    // A quarter of a second, and a second and a half where a reference asks for it. What takes long takes three times the first and half of the second.
    private static readonly SandboxLimits Quarter = TestLimits.Endless with { ReferenceFactor = 10, CpuSecondsCap = 6 };
    private const double Long = 0.75;

    [SandboxFact]
    public async Task Time_in_the_kernel_is_not_counted_as_the_programs_own()
    {
        await using var verifier = await StartAsync(Quarter);
        string seconds = Seconds(Long, verifier);
        var finding = await JudgeAsync(verifier, SmallProblems.Function,
            InTheKernel + $"while resource.getrusage(0).ru_stime < {seconds}: zero.readinto(buffer)\ndef f(x):\n    return 2 * x");
        Assert.Equal((Verdict.Correct, "all-tests-passed"), (finding.Verdict, finding.Reason));
        Assert.True(Number(finding, "kernel_ms") >= 1000 * Long, finding.Measurements["kernel_ms"]);
        Assert.Equal(MachineFactor.Text(verifier.CpuFactor), finding.Measurements["cpu_factor"]);
    }

    [SandboxFact]
    public async Task Time_in_the_kernel_has_a_limit_of_its_own()
    {
        await using var verifier = await StartAsync(TestLimits.Endless with { KernelShare = 1 });
        var finding = await JudgeAsync(verifier, SmallProblems.Function, InTheKernel + "while True: zero.readinto(buffer)\ndef f(x):\n    return 2 * x");
        Assert.Equal((Verdict.LimitExceeded, "cpu-limit"), (finding.Verdict, finding.Reason));
        Assert.True(Number(finding, "kernel_ms") >= 225, finding.Measurements["kernel_ms"]);
    }

    [SandboxFact]
    public async Task A_reference_that_takes_long_raises_the_limit_up_to_its_cap()
    {
        await using var verifier = await StartAsync(Quarter);
        // It does something between two looks at its clock: looking takes the kernel's time.
        string slow = $"import resource\nwhile resource.getrusage(0).ru_utime < {Seconds(Long, verifier)}: sum(range(10_000))\ndef f(x):\n    return 2 * x";
        string endless = "def f(x):\n    while True: pass";
        Assert.Equal("cpu-limit", (await JudgeAsync(verifier, SmallProblems.Function, slow)).Reason);
        var problem = SmallProblems.Function with { Solution = slow };
        Assert.Equal("all-tests-passed", (await JudgeAsync(verifier, problem, slow)).Reason);
        Assert.Equal("cpu-limit", (await JudgeAsync(verifier, problem, endless)).Reason);

        // A reference that is wrong, or quick, raises nothing.
        var wrong = SmallProblems.Of(problem.Tests! with { }) with { Solution = slow + " + 1" };
        Assert.Equal("cpu-limit", (await JudgeAsync(verifier, wrong, slow)).Reason);
        var quick = SmallProblems.Of(problem.Tests! with { }) with { Solution = "def f(x):\n    return 2 * x" };
        Assert.Equal("cpu-limit", (await JudgeAsync(verifier, quick, slow)).Reason);
    }

    // On the nominal machine; a slower one has more of its own, so the program takes more too.
    private static string Seconds(double nominal, CodeVerifier verifier) => (nominal * verifier.CpuFactor).ToString("F2", CultureInfo.InvariantCulture);

    private static double Number(Finding finding, string name) => double.Parse(finding.Measurements[name], CultureInfo.InvariantCulture);

    private static Task<CodeVerifier> StartAsync(SandboxLimits limits) =>
        CodeVerifier.StartAsync(new SandboxOptions { WorkerCount = 1, Limits = limits }, CancellationToken.None);

    private static async Task<Finding> JudgeAsync(CodeVerifier verifier, Problem problem, string code) =>
        await verifier.VerifyAsync(problem, $"```python\n{code}\n```", CancellationToken.None);
}
