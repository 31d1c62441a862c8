using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary><c>restem serve</c> as a process of its own, with a caller.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;

    private ServedProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    internal HttpClient Client { get; }

    internal static Task<ServedProcess> StartAsync(Restem restem, params string[] arguments) => StartAsync(restem, [], arguments);

    internal static async Task<ServedProcess> StartAsync(Restem restem, (string Name, string Value)[] environment, params string[] arguments)
    {
        string[] port = arguments.Contains("--port") ? [] : ["--port", "0"];
        Process process = restem.Start(environment, ["serve", .. port, .. arguments]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string? line = await process.StandardOutput.ReadLineAsync();
        Match address = Regex.Match(line ?? "", @"http://127\.0\.0\.1:\d+/");
        Assert.True(address.Success, $"'{line}' {(line is null ? await errors : "")}");
        return new ServedProcess(process, new Uri(address.Value));
    }

    /// <summary>Asks with a body of JSON, and is served.</summary>
    internal async Task<JsonNode> PostAsync(string path, string body)
    {
        using HttpResponseMessage response = await Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!;
    }

    /// <summary>Ends it as a system does; gives its exit code.</summary>
    internal async Task<int> TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Ends it without warning.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
