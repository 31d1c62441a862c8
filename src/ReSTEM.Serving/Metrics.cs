using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ReSTEM.Serving;

/// <summary>What the server has done, in the text format of Prometheus. Safe for several threads.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/</remarks>
internal sealed class Metrics
{
    private static readonly Dictionary<string, string> Help = new()
    {
        ["restem_requests_total"] = "Answers by path and status.",
        ["restem_prompt_tokens_total"] = "Tokens of prompts.",
        ["restem_completion_tokens_total"] = "Tokens drawn.",
        ["restem_verified_rows_total"] = "Rows judged.",
    };

    private readonly ConcurrentDictionary<(string Name, string Labels), long> _counters = new();

    internal void Add(string name, long count, string labels = "") => _counters.AddOrUpdate((name, labels), count, (_, before) => before + count);

    internal void Answered(string path, int status) => Add(
        "restem_requests_total", 1, string.Create(CultureInfo.InvariantCulture, $"{{path=\"{path}\",status=\"{status}\"}}"));

    /// <summary>All of them.</summary>
    /// <param name="gauges">What is so now, by name, with a sentence.</param>
    internal string Text(params (string Name, string Help, long Value)[] gauges)
    {
        var text = new StringBuilder();
        foreach (var counter in _counters.OrderBy(counter => counter.Key.Name, StringComparer.Ordinal).ThenBy(counter => counter.Key.Labels, StringComparer.Ordinal)
            .GroupBy(counter => counter.Key.Name))
        {
            Head(text, counter.Key, Help[counter.Key], "counter");
            foreach (var (key, value) in counter)
            {
                text.Append(CultureInfo.InvariantCulture, $"{key.Name}{key.Labels} {value}\n");
            }
        }

        foreach (var (name, help, value) in gauges)
        {
            Head(text, name, help, "gauge");
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string help, string kind) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n");
}
