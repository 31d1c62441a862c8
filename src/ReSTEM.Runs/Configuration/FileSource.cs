using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A problem file: its path, or its path and what holds for this file and not for the others.</summary>
[ShortForm(nameof(Path))]
public sealed record FileSource
{
    /// <summary>Path of the file.</summary>
    [Place]
    public required string Path { get; init; }

    /// <summary>How many problems of this file to take, drawn at random with the run's seed; 0 takes all.</summary>
    [Range(0, int.MaxValue)]
    public int Limit { get; init; }

    /// <summary>Form of this file; that of the source where it is not given.</summary>
    public ProblemFormat? Format { get; init; }

    /// <summary>Task of this file's problems; that of the source where it is not given.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>Names of this file's fields; those of the source where they are not given.</summary>
    [Place]
    public FieldNames? Fields { get; init; }

    /// <summary>A file of which nothing else is said.</summary>
    public static implicit operator FileSource(string path) => FromPath(path);

    /// <summary>A file of which nothing else is said.</summary>
    public static FileSource FromPath(string path) => new() { Path = path };
}
