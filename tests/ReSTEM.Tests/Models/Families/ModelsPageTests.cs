using System.Text.RegularExpressions;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed partial class ModelsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "models.md"));

    [Fact]
    public void The_page_has_a_line_for_each_family_in_their_order() =>
        Assert.Equal(DecoderFamilies.All.Select(family => family.ModelType), Family().Matches(Page).Select(match => match.Groups[1].Value).Where(name => name != "model_type"));

    [Fact]
    public void Every_family_has_a_small_model_in_the_tests() =>
        Assert.Empty(DecoderFamilies.All.Select(family => family.ModelType).Except(FamilyModels.All.Select(model => (string)model.Config["model_type"]!)));

    [Fact]
    public void The_page_says_the_defaults_of_adapters()
    {
        var defaults = new AdapterOptions();
        Assert.Contains($"{{rank: {defaults.Rank}}}", Page, StringComparison.Ordinal);
        Assert.Contains($"alpha: {defaults.EffectiveAlpha} (twice the rank), target_modules: [{defaults.TargetModules[0]}], merged: true", Page, StringComparison.Ordinal);
        Assert.True(defaults.Merged);
    }

    [GeneratedRegex(@"(?m)^\| `(\w+)` \| ")]
    private static partial Regex Family();
}
