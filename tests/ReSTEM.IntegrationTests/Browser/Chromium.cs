using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary>Debian's chromium without a window, one for all tests of a class: it starts with the first page that one of them opens.</summary>
public sealed partial class Chromium : IDisposable
{
    private readonly string _profile = Directory.CreateTempSubdirectory("restem-browser-").FullName;
    private Process? _process;
    private Uri? _address;

    internal static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    /// <summary>Null where there is none.</summary>
    internal static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>A new page, empty.</summary>
    /// <param name="watched">Whether its requests are watched.</param>
    internal async Task<BrowserPage> PageAsync(bool watched = true) => await BrowserPage.OpenAsync(_address ??= await StartAsync(), watched);

    /// <summary>Ends the browser.</summary>
    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    /// <summary>Where the browser's protocol is spoken.</summary>
    private async Task<Uri> StartAsync()
    {
        // Its own sandbox needs rights that containers lack; the pages are of this repository. It asks nobody for anything, and no page waits for being looked at.
        _process = Process.Start(new ProcessStartInfo(
            Program!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", $"--user-data-dir={_profile}", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "about:blank",
            ])
        {
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (Address().Match(line) is { Success: true } found)
            {
                _ = _process.StandardError.ReadToEndAsync();
                return new Uri(found.Value);
            }
        }

        throw new InvalidOperationException("the browser ended before it listened, expected its address.");
    }

    [GeneratedRegex(@"ws://127\.0\.0\.1:\d+\S+")]
    private static partial Regex Address();
}
