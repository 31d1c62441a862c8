using System.Text.RegularExpressions;

namespace ReSTEM.Core;

/// <summary>Texts with slots: <c>{name}</c> with a name of lower-case letters, digits and underscores. All else in braces stays as it is.</summary>
public static partial class SlotText
{
    /// <summary>Names of the slots, in order, each as often as it stands there.</summary>
    public static IEnumerable<string> Slots(string template) => Slot().Matches(template).Select(match => match.Groups[1].Value);

    /// <summary>The text with its slots filled, in one pass: braces in what is filled in are text.</summary>
    /// <exception cref="ArgumentException">A slot has no value.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values) => Slot().Replace(template, match =>
        values.TryGetValue(match.Groups[1].Value, out string? value) ? value
            : throw new ArgumentException($"the template holds {match.Value}, expected {string.Join(", ", values.Keys.Select(key => $"{{{key}}}"))}.", nameof(template)));

    [GeneratedRegex(@"\{([a-z][a-z0-9_]*)\}")]
    private static partial Regex Slot();
}
