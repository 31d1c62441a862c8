namespace ReSTEM.Serving;

/// <summary>What a server allows.</summary>
public sealed record ServingOptions
{
    /// <summary>What callers must bring as <c>Authorization: Bearer KEY</c>; null for nothing.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Most completions that are drawn or waited for at once, and most requests to judge; at least 1. Whoever comes on top is told to come again.</summary>
    public int MostWaiting { get; init; } = 256;

    /// <summary>Longest body of a request, bytes.</summary>
    public int MostBodyBytes { get; init; } = 16 << 20;

    /// <summary>Keys the seeds of requests that bring none.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Folders under which models lie that callers may have loaded in place of the served one; none for never.</summary>
    public IReadOnlyList<string> LoadRoots { get; init; } = [];

    /// <summary>Rows that are judged at once.</summary>
    public int Judges { get; init; } = Environment.ProcessorCount;

    /// <summary>Is told what the owner of the server should know.</summary>
    public Action<string> Notice { get; init; } = static _ => { };
}
