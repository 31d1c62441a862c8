using System.Collections.Frozen;

namespace ReSTEM.Answers;

/// <summary>Words for what is counted. Only plain nouns are one; all other words may change the value.</summary>
internal static class Labels
{
    private const int MaxNouns = 5;

    /// <summary>Plurals that do not end in s.</summary>
    private static readonly FrozenDictionary<string, string> Irregular = NameTable.Of("""
        person people
        man men
        woman women
        child children
        foot feet
        mouse mice
        goose geese
        tooth teeth
        ox oxen
        fish fish
        sheep sheep
        deer deer
        die dice
        bacterium bacteria
        vertex vertices
        index indices
        matrix matrices
        axis axes
        salmon salmon
        offspring offspring
        point pts
        knife knives
        leaf leaves
        loaf loaves
        life lives
        wolf wolves
        shelf shelves
        calf calves
        money money
        """).ToFrozenDictionary();

    /// <summary>Words after which no noun is plain: they deny, compare, judge, calculate or go on with a sentence.</summary>
    private static readonly FrozenSet<string> Changing = (
        "not no never nor none more less fewer greater smaller larger bigger higher lower than twice thrice double triple half halves"
        + " plus minus over under above below about around approximately almost nearly least most is are was were be been has have had does"
        + " do did can could should would must may might isn't aren't wasn't but except without squared cubed factorial percent percentage"
        + " hundred thousand million billion trillion dozen hundreds thousands millions billions dozens thirds quarters fourths fifths sixths"
        + " sevenths eighths ninths tenths hundredths thousandths or and too also if unless before after ago early late off remainder modulo"
        + " mod base past else instead rather maybe perhaps guess possibly probably up down increase decrease increased decreased increases"
        + " decreases loss losses gain by as this thus yes because since so he she it they we you i").Split(' ').ToFrozenSet();

    /// <summary>Words in the singular that are no nouns, though one thing may be counted.</summary>
    private static readonly FrozenSet<string> NoNouns =
        "wrong incorrect false true right correct out short negative positive only first last next even odd real prime".Split(' ').ToFrozenSet();

    /// <summary>Words that deny or change what a sentence names before its value.</summary>
    private static readonly FrozenSet<string> Denying = (
        "not no never nor wrong incorrect false half twice double triple if unless except without than guess maybe minus negative isn't"
        + " aren't wasn't but if when cannot").Split(' ').ToFrozenSet();

    /// <summary>Words with which a remark on the noun starts; it is left out.</summary>
    private static readonly FrozenSet<string> Remarks =
        ("of in on for from with at left remaining total altogether each per that which who among between per long tall wide deep high old away").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Articles = "the a an his her its their my our your different distinct possible such".Split(' ').ToFrozenSet();

    /// <summary>The noun in the singular with the words before it, empty when only a remark is there; null when the words are more than that.</summary>
    /// <param name="words">All words after the value.</param>
    /// <param name="one">Whether a noun in the singular is enough.</param>
    /// <param name="measured">Whether a unit stands before the words, so that what is measured may only follow "of" or be a remark.</param>
    internal static string? Read(List<string> words, bool one, bool measured)
    {
        string[] lower = [.. words.Select(static word => word.ToLowerInvariant())];
        if (lower is ["'s" or "s"])
        {
            return "";
        }

        if (Array.Exists(lower, Changing.Contains))
        {
            return null;
        }

        int end = Array.FindIndex(lower, Remarks.Contains);
        string[] nouns = [.. lower[..(end < 0 ? lower.Length : end)].Where(word => !Articles.Contains(word))];
        if (nouns.Length == 0)
        {
            return measured && end >= 0 && lower[end] == "of" ? string.Join(' ', lower[(end + 1)..].Where(word => !Articles.Contains(word)).Select(Singular))
                : end >= 0 ? "" : null;
        }

        bool counted = IsPlural(nouns[^1]) || (one && !NoNouns.Contains(nouns[^1]));
        return nouns.Length > MaxNouns || measured || !counted ? null : Joined(nouns);
    }

    /// <summary>What a rate is for; null when the words are more than a noun.</summary>
    internal static string? ReadSingular(List<string> words)
    {
        string[] lower = [.. words.Select(static word => word.ToLowerInvariant()).Where(word => !Articles.Contains(word))];
        return lower.Length is 0 or > MaxNouns || Array.Exists(lower, Changing.Contains) ? null : Joined(lower);
    }

    /// <summary>Whether words can name a value, as "the area" in "the area is 5".</summary>
    internal static bool IsName(string[] words) => words.Length is > 0 and <= 12 && !Array.Exists(words, Denying.Contains);

    /// <summary>Whether two labels may name the same: one is empty, or the noun is the same and one has no words that the other lacks.</summary>
    internal static bool Agree(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0 || left == right)
        {
            return true;
        }

        string[] a = left.Split(' ');
        string[] b = right.Split(' ');
        var (small, large) = a.Length <= b.Length ? (a, b) : (b, a);
        return a[^1] == b[^1] && Array.TrueForAll(small, large.Contains);
    }

    private static string Joined(string[] nouns) => string.Join(' ', [.. nouns[..^1], Singular(nouns[^1])]);

    private static bool IsPlural(string word) =>
        Irregular.ContainsKey(word) || (word.Length > 3 && word[^1] == 's' && word[^2] is not ('s' or 'u'));

    private static string Singular(string word)
    {
        if (Irregular.TryGetValue(word, out string? known))
        {
            return known;
        }

        return !IsPlural(word) ? word
            : word.EndsWith("ies", StringComparison.Ordinal) ? word[..^3] + "y"
            : word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal)
                || word.EndsWith("sses", StringComparison.Ordinal) ? word[..^2]
            : word[..^1];
    }
}
