using System.Globalization;
using System.Security.Cryptography;

namespace ReSTEM.Tests;

/// <summary>The interpreter of chat templates against Python's jinja2, as transformers sets it up.</summary>
public sealed class JinjaVectorTests
{
    private const int Fresh = 600;
    private const int UsualSeed = 1;

    [Fact]
    public void Recorded_templates_render_as_jinja2_renders_them()
    {
        var (count, differences) = JinjaVectors.Compare(File.ReadLines(JinjaVectors.Recorded));
        Assert.InRange(count, 800, 2000);
        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ:\n" + string.Join("\n", differences.Take(40)));
    }

    /// <summary>As the jinja2 that is here renders them: the same ones each time, and others with <c>./restem test --whole</c>.</summary>
    [JinjaFact]
    public void Fresh_templates_render_as_jinja2_renders_them()
    {
        int seed = Environment.GetEnvironmentVariable("RESTEM_TEST_WHOLE") == "1" ? RandomNumberGenerator.GetInt32(1_000_000) : UsualSeed;
        string[] lines = JinjaVectors.Python(JinjaVectors.Script, "random", $"{seed}", $"{Fresh}")!;
        var (count, differences) = JinjaVectors.Compare(lines);
        Assert.InRange(count, Fresh / 2, Fresh);
        Assert.True(differences.Count == 0, $"seed {seed}: {differences.Count} of {count} differ:\n" + string.Join("\n", differences.Take(10)));
    }

    /// <summary>What of Unicode Python knows here, for its version may be older.</summary>
    [JinjaFact]
    public void What_follows_any_character_has_the_case_that_python_gives_it()
    {
        const string Script = "import unicodedata as u\nprint(*[str(c) + '0aA'[1 + (('0' + chr(c) + 'A').title()[-1] == 'A')] for c in range(0x110000) if u.category(chr(c)) not in ('Cn', 'Cs')], sep='\\n')";
        string[] lines = JinjaVectors.Python("-c", Script)!;
        Assert.InRange(lines.Length, 140_000, 0x110000);
        Assert.Equal([], lines.Where(line =>
        {
            string point = char.ConvertFromUtf32(int.Parse(line.AsSpan(0, line.Length - 1), CultureInfo.InvariantCulture));
            return JinjaVectors.Render($"{{{{ '0{(point is "'" or "\\" or "\r" ? "-" : point)}A'.title() }}}}", []).Rendered![^1] != line[^1];
        }));
    }

    [Fact]
    public void Half_a_surrogate_pair_has_no_case() => Assert.Equal("A\ud800B", JinjaVectors.Render("{{ 'a\ud800b'.title() }}", []).Rendered);
}
