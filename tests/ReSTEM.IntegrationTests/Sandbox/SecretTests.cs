using System.Runtime.Versioning;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>What a submission can read of the host: its files, its environment, the processes beside it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecretTests
{
    private const string Variable = "RESTEM_TEST_SECRET";

    // Says what it found, so that finding anything is an answer that differs from the expected one, nothing.
    private const string Snoop = """
        import ctypes, os

        def f(variable, paths):
            found = [path for path in paths if readable(path)]
            if variable in os.environ or ctypes.CDLL(None).getenv(variable.encode()):
                found.append(variable)
            found += os.listdir('/proc')[:9] if os.path.exists('/proc') else []
            return found + [name for name in os.listdir('/') if name not in ('dev', 'lib', 'lib64', 'proc', 'tmp', 'usr')]

        def readable(path):
            try:
                open(path, 'rb').read(1)
                return True
            except OSError:
                return False
        """;

    [SandboxTheory]
    [InlineData(SandboxLayers.None)]
    [InlineData(SandboxLayers.Namespaces)]
    public async Task Nothing_of_the_host_is_readable_and_without_the_layer_it_would_be(SandboxLayers givenUp)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string open = Path.GetTempFileName();
        string secret = Path.Combine(home, $".restem-secret-{Environment.ProcessId}-{givenUp}");
        await File.WriteAllTextAsync(secret, "secret");
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Environment.SetEnvironmentVariable(Variable, "secret");
        try
        {
            string host = $"/proc/{Environment.ProcessId}/environ";
            var finding = await SnoopAsync(givenUp, [secret, open, host, "/etc/passwd", home + "/.bashrc"]);
            if (givenUp is SandboxLayers.None)
            {
                Assert.True(finding.Verdict is Verdict.Correct, $"{finding.Reason} {string.Join(", ", finding.Evidence)}");
                return;
            }

            Assert.Contains(open, finding.Evidence["got"], StringComparison.Ordinal);
            Assert.Contains("/etc/passwd", finding.Evidence["got"], StringComparison.Ordinal);
            Assert.DoesNotContain(Variable, finding.Evidence["got"], StringComparison.Ordinal);
            if (Environment.IsPrivilegedProcess)
            {
                // Workers of root are started as a user without rights, so that even then what is root's own stays so.
                Assert.DoesNotContain(host, finding.Evidence["got"], StringComparison.Ordinal);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
            File.Delete(secret);
            File.Delete(open);
        }
    }

    // Standard input, output and error; a function's run has one more, for what it returns.
    [SandboxTheory]
    [InlineData(CodeTestForm.StandardIo, "0 1 2")]
    [InlineData(CodeTestForm.Calls, "0 1 2 60")]
    public async Task A_run_holds_no_descriptor_but_its_own(CodeTestForm form, string expected)
    {
        const string Held = """
            import os

            def held(start, end):
                return [n for n in range(start, end) if is_open(n)]

            def is_open(n):
                try:
                    os.fstat(n)
                    return True
                except OSError:
                    return False


            """;
        var problem = SmallProblems.Of(new CodeTests
        {
            Form = form,
            EntryPoint = "held",
            Cases = [form is CodeTestForm.Calls ? new("[0, 64]", [$"[{expected.Replace(' ', ',')}]"]) : new("", [expected])],
        });
        string program = Held + (form is CodeTestForm.StandardIo ? "print(*held(0, 64))" : "");
        await using var verifier = await CodeVerifier.StartAsync(VerifierFixture.Options with { WorkerCount = 1 }, CancellationToken.None);
        var finding = await verifier.VerifyAsync(problem, program, CancellationToken.None);
        Assert.True(finding.Verdict is Verdict.Correct, $"{finding.Reason} {string.Join(", ", finding.Details)}");
    }

    private static async Task<Finding> SnoopAsync(SandboxLayers givenUp, string[] paths)
    {
        var problem = SmallProblems.Of(new CodeTests
        {
            Form = CodeTestForm.Calls,
            EntryPoint = "f",
            Cases = [new(JsonSerializer.Serialize(new object[] { Variable, paths }), ["[]"])],
            Output = new OutputRule { TypesMatter = true },
        });
        var options = VerifierFixture.Options with { WorkerCount = 1, GivenUp = givenUp };
        await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
        return await verifier.VerifyAsync(problem, Snoop, CancellationToken.None);
    }
}
