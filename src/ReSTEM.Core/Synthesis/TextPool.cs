namespace ReSTEM.Core;

/// <summary>A text that was made and kept.</summary>
/// <param name="Text">The text.</param>
/// <param name="Prompt">What it was asked with.</param>
public sealed record SyntheticText(string Text, DataPrompt Prompt);

/// <summary>What became of the completions of a label.</summary>
/// <param name="Drawn">All.</param>
/// <param name="Empty">Nothing but blanks.</param>
/// <param name="Unfinished">Cut at the most tokens, or at the context.</param>
/// <param name="Leaks">Repeat their prompt.</param>
/// <param name="Copies">A real text of the examples, whether it was shown or not.</param>
/// <param name="Duplicates">The same words as a text that is kept, of any label.</param>
/// <param name="Surplus">Good, but more than was asked for.</param>
/// <param name="Kept">What stays.</param>
public sealed record TextCounts(int Drawn, int Empty, int Unfinished, int Leaks, int Copies, int Duplicates, int Surplus, int Kept);

/// <summary>
/// Chooses texts in a fixed order: a completion that is empty, unfinished or a leak is removed, then one that is a copy of a real text, then one whose
/// words are those of a text before it. Of two labels that have the same text the first to have it keeps it.
/// </summary>
/// <param name="options">What is asked.</param>
public sealed class TextPool(SynthesisOptions options)
{
    private readonly HashSet<string> _real = [.. options.Examples?.Texts.Select(text => TextWords.KeyOf(text.Text)) ?? []];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TextCounts> _counts = options.Labels.ToDictionary(label => label.Key, _ => new TextCounts(0, 0, 0, 0, 0, 0, 0, 0));
    private readonly List<SyntheticText> _kept = [];

    /// <summary>What is kept: by label, then as it was drawn.</summary>
    public IReadOnlyList<SyntheticText> Kept => [.. options.Labels.SelectMany(label => _kept.Where(text => text.Prompt.Label == label.Key))];

    /// <summary>What became of the completions, by label, in the order of the labels.</summary>
    public IReadOnlyList<(string Label, TextCounts Counts)> Counts => [.. options.Labels.Select(label => (label.Key, _counts[label.Key]))];

    /// <summary>Whether a label lacks texts.</summary>
    public bool IsShort => Counts.Any(entry => entry.Counts.Kept < options.PerLabel);

    /// <summary>How many prompts the next round has for each label: what is missing, and as many more as are lost by what was seen so far, tenfold at most.</summary>
    public IReadOnlyList<int> NextRound() =>
    [
        .. Counts.Select(entry =>
        {
            int missing = options.PerLabel - entry.Counts.Kept, good = entry.Counts.Kept + entry.Counts.Surplus;
            return entry.Counts.Drawn == 0 ? missing
                : good == 0 ? 10 * missing
                : (int)Math.Min(10L * missing, (((long)missing * entry.Counts.Drawn) + good - 1) / good);
        }),
    ];

    /// <summary>Takes the samples of a round's prompts, in the order of the prompts.</summary>
    public void Add(DataPrompt prompt, Sample sample)
    {
        string label = prompt.Label;
        TextCounts counts = _counts[label] with { Drawn = _counts[label].Drawn + 1 };
        string text = DataPrompts.TextOf(options, prompt, sample.Completion.Text);
        string key = TextWords.KeyOf(text);
        _counts[label] = 0 switch
        {
            _ when sample.Finding.Reason == LeakVerifier.Empty || text.Length == 0 => counts with { Empty = counts.Empty + 1 },
            _ when !sample.IsFinished => counts with { Unfinished = counts.Unfinished + 1 },
            _ when sample.Finding.Reason == LeakVerifier.Leak => counts with { Leaks = counts.Leaks + 1 },
            _ when _real.Contains(key) => counts with { Copies = counts.Copies + 1 },
            _ when _known.Contains(key) => counts with { Duplicates = counts.Duplicates + 1 },
            _ when counts.Kept == options.PerLabel => counts with { Surplus = counts.Surplus + 1 },
            _ => Keep(new SyntheticText(text, prompt), key, counts),
        };
    }

    private TextCounts Keep(SyntheticText text, string key, TextCounts counts)
    {
        _known.Add(key);
        _kept.Add(text);
        return counts with { Kept = counts.Kept + 1 };
    }
}
