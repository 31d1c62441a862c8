using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary>docs/first-run.md does what it says, command by command, in a folder of its own.</summary>
public sealed class FirstRunTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Restem.Root, "docs", "first-run.md"));

    private readonly Restem _restem = new();

    public void Dispose() => _restem.Dispose();

    [Fact]
    public async Task Every_command_of_the_page_works_in_order()
    {
        File.CreateSymbolicLink(_restem.PathOf("configs"), Path.Combine(Restem.Root, "configs"));
        File.CreateSymbolicLink(_restem.PathOf("restem"), Restem.Program);
        string[] blocks = [.. Regex.Matches(Page, "```sh\n(.*?)```", RegexOptions.Singleline).Select(block => block.Groups[1].Value)];
        Assert.Equal(7, blocks.Length);
        var outputs = new List<string>();
        foreach (string block in blocks)
        {
            outputs.Add(await RunAsync(block));
        }

        string shown = Regex.Match(Page, "(?m)(^    mine/sums.yaml: .*\n^    next: .*\n)").Value.Replace("    ", "", StringComparison.Ordinal);
        Assert.Equal(shown, outputs[1]);
        Assert.Contains("all checks passed", outputs[2], StringComparison.Ordinal);
        Assert.Contains("iteration 2", outputs[3], StringComparison.Ordinal);
        Assert.Equal(Regex.Match(outputs[3], "ledger digest .*").Value, Regex.Match(outputs[4], "ledger digest .*").Value);
        Assert.Contains("paired differences", outputs[6], StringComparison.Ordinal);
        Assert.True(File.Exists(_restem.PathOf("runs", "sums", "report.html")));
        string[] verdicts = await File.ReadAllLinesAsync(_restem.PathOf("mine", "verdicts.jsonl"));
        Assert.Equal(24 * 4, verdicts.Length);
        Assert.Contains(verdicts, line => JsonDocument.Parse(line).RootElement.GetProperty("verdict").GetString() == "Correct");
    }

    private async Task<string> RunAsync(string block)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-e", "-c", block])
        {
            WorkingDirectory = _restem.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = shell.StandardError.ReadToEndAsync();
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{block}\n{await errors}");
        return output;
    }
}
