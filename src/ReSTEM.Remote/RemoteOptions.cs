namespace ReSTEM.Remote;

/// <summary>Servers to sample from, and how patiently. What of it decides samples is in the engine's fingerprint.</summary>
public sealed record RemoteOptions
{
    /// <summary>At least one; those of one engine, in one kind of numbers.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>What they are where they are another program; null for <c>restem serve</c>.</summary>
    public ForeignServer? Foreign { get; init; }

    /// <summary>What callers must bring; null for nothing.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Requests under way at each server, at least 1.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Most completions of one prompt that one request asks for, at least 1.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long loading weights may take.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often a request is asked again before the work stops.</summary>
    public int Retries { get; init; } = 10;

    /// <summary>Pause before the first time it is asked again; each further one is twice as long, up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause, unless a server asks for a longer one.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server that keeps failing is left alone.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long a request is sent to a second server too, where there is one; the first answer counts.</summary>
    public TimeSpan HedgeAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Is told what the user should know.</summary>
    public Action<string> Notice { get; init; } = static _ => { };
}
