using ReSTEM.SandboxBenchmarks;
using ReSTEM.Verification;

string mode = args.Length > 0 ? args[0] : "references";
string data = args.Length > 1 ? args[1] : "../shared/data";
var options = new SandboxOptions { Packages = ["sortedcontainers", "numpy"] };
foreach (var finding in await SandboxSelfTest.RunAsync(options, CancellationToken.None))
{
    Console.WriteLine($"{(finding.Holds ? "holds " : "MISSING")} {finding.Name}: {finding.Detail}");
}

await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
await ReferenceRun.RunAsync(verifier, "HumanEval", CodeData.HumanEval(data));
if (mode == "references")
{
    await ReferenceRun.RunAsync(verifier, "MBPP", CodeData.Mbpp(data));
    await ReferenceRun.RunAsync(verifier, "APPS", CodeData.Apps(data));
    await ReferenceRun.RunAsync(verifier, "LeetCode", CodeData.LeetCode(data));
}
