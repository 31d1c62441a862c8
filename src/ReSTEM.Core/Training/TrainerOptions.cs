using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>Kinds of trainers besides the engine.</summary>
public enum TrainerName
{
    /// <summary>A program that is given a job as a file.</summary>
    Command,
}

/// <summary>A trainer besides the engine. What decides the bits of its results it tells itself, and that is part of a run's identity.</summary>
public sealed record TrainerOptions
{
    /// <summary>Which kind.</summary>
    public TrainerName Name { get; init; }

    /// <summary>How it is started and stopped.</summary>
    [Inline]
    public TrainerCommand Start { get; init; } = new();
}

/// <summary>How a program that trains is started and stopped. A run may go on with another command, as long as the same trainer answers.</summary>
public sealed record TrainerCommand : IChangesSpeedOnly
{
    /// <summary>Program and arguments, started in the current folder; the path of the job is added as the last one.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>How long it may take to commit and end after SIGTERM, seconds, before it is killed.</summary>
    [Range(1, 86_400)]
    public int StopSeconds { get; init; } = 120;
}
