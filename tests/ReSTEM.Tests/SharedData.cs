namespace ReSTEM.Tests;

/// <summary>The published data sets and reference vectors, in <c>../shared/data</c> beside the repository.</summary>
internal static class SharedData
{
    internal static bool Present => Directory.Exists(Root);

    internal static string RepositoryRoot { get; } = FindRepositoryRoot();

    internal static string Root { get; } = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data"));

    internal static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReSTEM.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No ReSTEM.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A test that needs the shared data; skipped with the reason where the folder is missing.</summary>
internal sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute() => Skip = SharedData.Present ? null : $"needs the reference data in {SharedData.Root}";
}

/// <summary>A theory that needs the shared data; skipped with the reason where the folder is missing.</summary>
internal sealed class DataTheoryAttribute : TheoryAttribute
{
    public DataTheoryAttribute() => Skip = SharedData.Present ? null : $"needs the reference data in {SharedData.Root}";
}
