using System.Diagnostics;
using System.Text.Json;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>Templates with what Python's jinja2 makes of them; jinja_vectors.py writes them and says how.</summary>
internal static class JinjaVectors
{
    internal static readonly string Script = Path.Combine(SharedData.RepositoryRoot, "tests", "ReSTEM.Tests", "Templates", "jinja_vectors.py");
    internal static readonly string Recorded = Path.ChangeExtension(Script, ".jsonl");

    /// <summary>Compares every row; gives the count of rows and what differs, in words.</summary>
    internal static (int Count, IReadOnlyList<string> Differences) Compare(IEnumerable<string> lines)
    {
        Dictionary<string, JsonElement>? variables = null;
        var differences = new List<string>();
        int count = 0;
        foreach (string line in lines)
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            if (variables is null)
            {
                variables = row.GetProperty("variables").EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
                continue;
            }

            count++;
            string template = row.GetProperty("template").GetString()!;
            string? expected = row.GetProperty("rendered").GetString();
            string? raised = row.GetProperty("error").GetString();
            var (rendered, fault) = Render(template, variables);
            bool agrees = rendered == expected && (raised is null || !raised.StartsWith("TemplateError: ", StringComparison.Ordinal)
                || fault!.EndsWith(raised["TemplateError: ".Length..], StringComparison.Ordinal));
            if (!agrees)
            {
                differences.Add($"{template}\n  jinja2: {expected ?? raised}\n  ReSTEM: {rendered ?? fault}");
            }
        }

        return (count, differences);
    }

    internal static (string? Rendered, string? Fault) Render(string template, IEnumerable<KeyValuePair<string, JsonElement>> variables)
    {
        try
        {
            var parsed = ChatTemplate.Parse(new("template", template), new Dictionary<string, JsonElement>());
            return (parsed.Render(variables, () => new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero)), null);
        }
        catch (InvalidDataException fault)
        {
            return (null, fault.Message);
        }
    }

    /// <summary>What a Python program prints, line by line; null where python3 or jinja2 is missing.</summary>
    internal static string[]? Python(params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PYTHONIOENCODING"] = "utf-8";
            start.Environment["PYTHONHASHSEED"] = "0";
            using Process process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            _ = errors.Result;
            return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // there is no python3
        }
    }
}

/// <summary>A test that needs Python's jinja2; skipped with the reason where it is missing.</summary>
internal sealed class JinjaFactAttribute : FactAttribute
{
    public JinjaFactAttribute() => Skip = JinjaVectors.Python("-c", "import jinja2") is null
        ? "needs python3 with jinja2 (apt-get install python3-jinja2)"
        : null;
}
