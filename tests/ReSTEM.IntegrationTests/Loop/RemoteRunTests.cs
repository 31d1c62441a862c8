using System.Diagnostics;

namespace ReSTEM.IntegrationTests;

/// <summary>Runs that sample at servers: the same ledger and the same weights, whatever becomes of the servers.</summary>
public sealed class RemoteRunTests
{
    private static readonly string Base = Path.Combine(Restem.Root, "configs", "quickstart", "base");

    [Fact]
    public async Task A_run_through_two_servers_of_which_one_dies_in_every_e_step_ends_with_the_bits_of_one_without()
    {
        using var restem = new Restem();
        using ServedProcess one = await ServeAsync(restem, 0);
        ServedProcess two = await ServeAsync(restem, 0);
        try
        {
            using Process run = restem.Start([], [.. SmallRun.OfMathematics.Arguments, .. At(one, two)]);
            Task<string> output = run.StandardOutput.ReadToEndAsync();
            var errors = new List<string>();
            int deaths = 0;
            while (await run.StandardError.ReadLineAsync() is { } line)
            {
                errors.Add(line);
                if (line.Contains("e-step", StringComparison.Ordinal) && deaths < 4)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(37 * deaths++)); // at another moment each time
                    int port = two.Client.BaseAddress!.Port;
                    two.Kill();
                    two.Dispose();
                    two = await ServeAsync(restem, port);
                }
            }

            await run.WaitForExitAsync();
            Assert.True(run.ExitCode == 0, string.Join('\n', errors));
            Assert.True(deaths >= 2, $"{deaths} deaths; {string.Join('\n', errors)}");
            Assert.Equal(SmallRun.OfMathematics.Whole, SmallRun.OfMathematics.Result(restem, await output));
        }
        finally
        {
            two.Dispose();
        }
    }

    [Fact]
    public async Task A_run_whose_servers_are_gone_stops_in_one_line_and_goes_on_when_they_are_back()
    {
        using var restem = new Restem();
        int port;
        using (ServedProcess served = await ServeAsync(restem, 0))
        {
            port = served.Client.BaseAddress!.Port;
            using Process run = restem.Start([], [.. SmallRun.Smallest.Arguments, .. At(served), "--set", "engine.retries=2"]);
            Task<string> output = run.StandardOutput.ReadToEndAsync();
            string? line;
            do
            {
                line = await run.StandardError.ReadLineAsync();
            }
            while (line is not null && !line.Contains("1/2 e-step", StringComparison.Ordinal));
            served.Kill();
            string[] errors = (await run.StandardError.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await run.WaitForExitAsync();
            Assert.Equal(1, run.ExitCode);
            Assert.Single(errors, text => text.StartsWith($"error: http://127.0.0.1:{port}/: ", StringComparison.Ordinal) && text.EndsWith(
                "What was drawn is kept; mend the server, and the same command goes on.", StringComparison.Ordinal));
            var (exitCode, _, again) = restem.Run([], [.. SmallRun.Smallest.Arguments, .. At(served), "--set", "engine.retries=1"]);
            Assert.Equal(1, exitCode);
            Assert.Contains($"http://127.0.0.1:{port}/: it does not listen (connection refused)", again, StringComparison.Ordinal);
        }

        using ServedProcess back = await ServeAsync(restem, port);
        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Finish(restem, [], At(back)));
    }

    [Theory]
    [InlineData("engine.endpoints is empty, expected the addresses of servers for the engine remote.", "engine.name=remote", "engine.train=managed")]
    [InlineData("engine.endpoints is given with engine.name managed, expected it with remote only.", "engine.endpoints=[http://127.0.0.1:1]")]
    [InlineData("engine.endpoints holds 'server', expected an address without a path, for example http://127.0.0.1:8000.", "engine.name=remote", "engine.endpoints=[server]")]
    [InlineData("engine.model is missing, expected what the servers call the base model (engine.server llama-cpp).", "engine.name=remote", "engine.train=managed", "engine.server=llama-cpp", "engine.endpoints=[http://127.0.0.1:1]")]
    [InlineData("engine.reencode is given with engine.server llama-cpp, expected it with openai only: this one tells token ids.", "engine.name=remote", "engine.train=managed", "engine.server=llama-cpp", "engine.model=m", "engine.reencode=true", "engine.endpoints=[http://127.0.0.1:1]")]
    [InlineData("engine.train is remote, expected an engine that trains, for example managed.", "engine.train=remote")]
    [InlineData("engine.api_key_env is 'RESTEM_TEST_UNSET', expected the name of an environment variable that is set.", "engine.name=remote", "engine.train=managed", "engine.endpoints=[http://127.0.0.1:1]", "engine.api_key_env=RESTEM_TEST_UNSET")]
    public void What_cannot_be_asked_is_bad_configuration(string message, params string[] settings)
    {
        using var restem = new Restem();
        var (exitCode, _, errors) = restem.Run([], [.. SmallRun.Smallest.Arguments, .. settings.SelectMany(setting => new[] { "--set", setting })]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    private static Task<ServedProcess> ServeAsync(Restem restem, int port) =>
        ServedProcess.StartAsync(restem, "--model", Base, "--port", $"{port}", "--load-from", restem.Folder, "--load-from", Path.Combine(Restem.Root, "configs"));

    private static string[] At(params ServedProcess[] servers) =>
    [
        "--set", "engine.name=remote", "--set", "engine.train=managed",
        "--set", $"engine.endpoints=[{string.Join(", ", servers.Select(server => server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)))}]",
    ];
}
