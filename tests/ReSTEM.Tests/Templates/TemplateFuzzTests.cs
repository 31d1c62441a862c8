using System.Diagnostics;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Damaged templates: nothing comes of them but text or the one kind of error, in bounded time and memory.</summary>
[Collection(nameof(Alone))]
public sealed class TemplateFuzzTests
{
    private const int Count = 60_000;

    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "'", "\"", "\\", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":", "~", "*", "**", "%",
        " if ", " else ", " for ", " in ", " is ", " not ", "endfor", "endif", "set", "macro", "range(99999)", " * 99999", "loop", "[::-1]",
        "\n", "\r\n", "\0", "\uD800", "\u00e9", "99999999999999999999", "1e999", "__class__", "raw", "endraw", "recursive", "loop(l)", "| list", "| sort",
    ];

    [Fact]
    public void Damaged_templates_give_text_or_one_kind_of_error()
    {
        JsonElement[] rows = [.. File.ReadLines(JinjaVectors.Recorded).Select(line => JsonDocument.Parse(line).RootElement)];
        var variables = rows[0].GetProperty("variables").EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
        string[] templates = [.. rows.Skip(1).Select(row => row.GetProperty("template").GetString()!)];
        var random = new RandomSequence(RandomStream.Of(7, RandomPurpose.Sample));
        int faults = 0;
        TimeSpan longest = TimeSpan.Zero;
        var watch = new Stopwatch();
        for (int i = 0; i < Count; i++)
        {
            string template = Damage(templates[random.Below(templates.Length)], random);
            watch.Restart();
            var (_, fault) = JinjaVectors.Render(template, variables);
            longest = watch.Elapsed > longest ? watch.Elapsed : longest;
            faults += fault is null ? 0 : 1;
            Assert.True(fault is null || (fault.Contains(':', StringComparison.Ordinal) && !fault.Contains("   at ", StringComparison.Ordinal)), fault);
        }

        Assert.InRange(faults, Count / 4, Count - 1000);
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static string Damage(string template, RandomSequence random)
    {
        int changes = 1 + random.Below(4);
        for (int change = 0; change < changes; change++)
        {
            int at = random.Below(template.Length + 1);
            int length = Math.Min(random.Below(6), template.Length - at);
            template = random.Below(3) switch
            {
                0 => template.Remove(at, length),
                1 => template.Insert(at, Pieces[random.Below(Pieces.Length)]),
                _ => template.Remove(at, length).Insert(at, Pieces[random.Below(Pieces.Length)]),
            };
        }

        return template;
    }
}
