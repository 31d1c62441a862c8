using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ReSTEM.Serving;

namespace ReSTEM.Tests;

public sealed class ServedVerificationTests
{
    private static readonly ProgramRunner NoPrograms = (_, _, _, _) => throw new InvalidOperationException("no sandbox here");

    [Fact]
    public async Task Findings_come_in_the_order_of_rows_each_as_soon_as_it_can()
    {
        var second = new TaskCompletionSource();
        await using ServedBigram served = await ServedBigram.StartAsync(verification: new Verification(
            async (row, line, token) =>
            {
                await (line == 3 ? second.Task : Task.CompletedTask); // line 2 is empty
                return $"{{\"line\":{line},\"row\":{row}}}";
            },
            NoPrograms, 1024));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/verify") { Content = new StringContent("1\n\n2\n3\n", Encoding.UTF8, "application/jsonl") };
        using HttpResponseMessage response = await served.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("{\"line\":1,\"row\":1}", await lines.ReadLineAsync()); // while the next is not judged yet
        second.SetResult();
        Assert.Equal("{\"line\":3,\"row\":2}", await lines.ReadLineAsync());
        Assert.Equal("{\"line\":4,\"row\":3}", await lines.ReadLineAsync());
        Assert.Null(await lines.ReadLineAsync());
    }

    [Fact]
    public async Task More_requests_than_fit_in_are_told_to_come_again()
    {
        var open = new TaskCompletionSource();
        await using ServedBigram served = await ServedBigram.StartAsync(
            options: new ServingOptions { MostWaiting = 1 },
            verification: new Verification(async (row, line, token) => { await open.Task; return "{}"; }, NoPrograms, 1024));
        Task<JsonNode> first = served.ServedAsync("/v1/verify", "{}");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await served.Client.GetStringAsync("/metrics")).Contains("restem_judging_open 1", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
        }

        try
        {
            var (status, _, headers) = await served.PostAsync("/v1/verify", "{}").WaitAsync(patience.Token); // one who is let in waits for ever
            Assert.Equal(HttpStatusCode.TooManyRequests, status);
            Assert.True(headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
        finally
        {
            open.SetResult();
        }

        await first;
    }

    [Theory]
    [InlineData(false, "", 0, "Success", "Finished")]
    [InlineData(false, "", 1, "Failed", "Finished")]
    [InlineData(false, "", -9, "Failed", "Finished")]
    [InlineData(true, "", -9, "Failed", "TimeLimitExceeded")]
    [InlineData(false, "too much", -9, "Failed", "Error")]
    public async Task Programs_are_answered_as_SandboxFusion_does(bool timedOut, string limit, int exitCode, string status, string runStatus)
    {
        (string, string, int?) asked = default;
        await using ServedBigram served = await ServedBigram.StartAsync(verification: new Verification(
            (_, _, _) => Task.FromResult("{}"),
            (program, input, seconds, _) =>
            {
                asked = (program, input, seconds);
                return Task.FromResult(new ProgramRun(timedOut, limit, exitCode, 0.25, "out", "err"));
            },
            1024));
        JsonNode answer = await served.ServedAsync("/run_code", new { code = "print(1)", language = "python", stdin = "in", run_timeout = 2.5, compile_timeout = 10, memory_limit_MB = 1024, files = new { }, fetch_files = Array.Empty<string>() });
        Assert.Equal(("print(1)", "in", 3), asked);
        Assert.Equal((status, limit), ((string)answer["status"]!, (string)answer["message"]!));
        JsonNode run = answer["run_result"]!;
        Assert.Equal((runStatus, 0.25, "out", "err"), ((string)run["status"]!, (double)run["execution_time"]!, (string)run["stdout"]!, (string)run["stderr"]!));
        Assert.Equal(timedOut ? null : exitCode, (int?)run["return_code"]);
        Assert.Null(answer["compile_result"]);
    }

    [Fact]
    public async Task What_the_sandbox_cannot_do_is_told()
    {
        await using ServedBigram served = await ServedBigram.StartAsync(verification: new Verification((_, _, _) => Task.FromResult("{}"), NoPrograms, 1024));
        JsonNode failed = await served.ServedAsync("/run_code", new { code = "1", language = "python" });
        Assert.Equal(("SandboxError", "no sandbox here"), ((string)failed["status"]!, (string)failed["message"]!));
        Assert.Equal("language is 'cpp', expected python.", await served.RefusedAsync(HttpStatusCode.BadRequest, "/run_code", new { code = "1", language = "cpp" }));
        Assert.Contains("files is an object, expected none", await served.RefusedAsync(HttpStatusCode.BadRequest, "/run_code", new { code = "1", language = "python", files = new { a = "" } }), StringComparison.Ordinal);
        Assert.Contains("memory_limit_MB is 512, expected at least 1024", await served.RefusedAsync(HttpStatusCode.BadRequest, "/run_code", new { code = "1", language = "python", memory_limit_MB = 512 }), StringComparison.Ordinal);
        Assert.Contains("run_timeout is 0, expected more than 0", await served.RefusedAsync(HttpStatusCode.BadRequest, "/run_code", new { code = "1", language = "python", run_timeout = 0 }), StringComparison.Ordinal);
    }
}
