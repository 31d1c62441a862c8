using System.Diagnostics;

namespace ReSTEM.Tests;

/// <summary>The repository's own files, for tests that hold its structure.</summary>
internal static class Repository
{
    /// <summary>Paths of all source files under a folder, relative to the root, with forward slashes; build output left out.</summary>
    internal static IReadOnlyList<string> Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(SharedData.RepositoryRoot, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "runs"))
            .Order(StringComparer.Ordinal),
    ];

    internal static string Read(string relative) => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, relative));

    /// <summary>Files that git tracks; null outside a checkout.</summary>
    internal static IReadOnlyList<string>? Tracked()
    {
        var start = new ProcessStartInfo("git", "ls-files") { WorkingDirectory = SharedData.RepositoryRoot, RedirectStandardOutput = true };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
    }
}
