using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>Which problem of the given files a row is about: it says so with <c>problem_id</c>, <c>task_id</c> or, where there is neither, <c>id</c>.</summary>
internal static class ProblemNames
{
    private static readonly string[] Fields = ["problem_id", "task_id"];

    /// <summary>The field that names a problem.</summary>
    internal static (string Name, JsonElement Value)? FieldOf(JsonRow row) => Fields
        .Where(name => row.Value.TryGetProperty(name, out _))
        .Select(name => ((string, JsonElement)?)(name, row.Value.GetProperty(name)))
        .FirstOrDefault();

    /// <summary>The problem; null where the row names none that is known.</summary>
    /// <param name="row">The row.</param>
    /// <param name="known">Problems by id.</param>
    internal static Problem? Find(JsonRow row, IReadOnlyDictionary<string, Problem> known)
    {
        string? name = FieldOf(row)?.Value.ToString() ?? (row.Has("id") ? row.Value.GetProperty("id").ToString() : null);

        // MBPP's rows have bare numbers.
        return name is null ? null : known.GetValueOrDefault(name) ?? known.GetValueOrDefault($"mbpp/{name}");
    }
}
