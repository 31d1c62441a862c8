using System.Security.Cryptography;

namespace ReSTEM.Tests;

/// <summary>The interpreter of chat templates against Python's jinja2, as transformers sets it up.</summary>
public sealed class JinjaVectorTests
{
    private const int Fresh = 600;

    [Fact]
    public void Recorded_templates_render_as_jinja2_renders_them()
    {
        var (count, differences) = JinjaVectors.Compare(File.ReadLines(JinjaVectors.Recorded));
        Assert.InRange(count, 800, 2000);
        Assert.True(differences.Count == 0, $"{differences.Count} of {count} differ:\n" + string.Join("\n", differences.Take(40)));
    }

    [JinjaFact]
    public void Fresh_templates_render_as_jinja2_renders_them()
    {
        int seed = RandomNumberGenerator.GetInt32(1_000_000);
        string[] lines = JinjaVectors.Python(JinjaVectors.Script, "random", $"{seed}", $"{Fresh}")!;
        var (count, differences) = JinjaVectors.Compare(lines);
        Assert.InRange(count, Fresh / 2, Fresh);
        Assert.True(differences.Count == 0, $"seed {seed}: {differences.Count} of {count} differ:\n" + string.Join("\n", differences.Take(10)));
    }
}
