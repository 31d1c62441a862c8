using System.Globalization;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Unicode's normal forms C, D, KC and KD. Ours, because .NET leaves text as it is when globalization is invariant.</summary>
/// <remarks>Unicode Standard Annex 15; the standard's sections 3.11 and 3.12 (Hangul). The data come from embedded tables.</remarks>
internal static class CanonicalForm
{
    private const int HangulFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TailBeforeFirst = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int HangulCount = LeadCount * VowelCount * TailCount;

    /// <summary>Everything below is its own normal form C and combines with nothing before it.</summary>
    private const char FirstAffected = '\u0300';

    /// <summary>Everything below is its own compatibility form.</summary>
    private const char FirstCompatible = '\u00A0';

    private static readonly Dictionary<int, byte> CombiningClasses = [];
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<int, int[]> Compatible = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];

    static CanonicalForm()
    {
        foreach (string line in LinesOf("canonical-equivalence.txt"))
        {
            if (line.Contains(':'))
            {
                ReadCombiningClass(line);
            }
            else
            {
                ReadDecompositions(line);
            }
        }

        foreach (string entry in LinesOf("compatibility-forms.txt").SelectMany(line => line.Split(", ")))
        {
            string[] sides = entry.Split('>');
            Compatible[CodePoint(sides[0])] = [.. sides[1].Split(' ').Select(CodePoint)];
        }
    }

    /// <summary>Normal form D.</summary>
    internal static string Decompose(string text) =>
        IsBelow(FirstCompatible, text) ? text : ToText(DecomposeToCodePoints(text, compatible: false));

    /// <summary>Normal form KD.</summary>
    internal static string DecomposeCompatible(string text) =>
        IsBelow(FirstCompatible, text) ? text : ToText(DecomposeToCodePoints(text, compatible: true));

    /// <summary>Normal form C.</summary>
    internal static string Compose(string text) =>
        IsBelow(FirstAffected, text) ? text : Compose(DecomposeToCodePoints(text, compatible: false));

    /// <summary>Normal form KC.</summary>
    internal static string ComposeCompatible(string text) =>
        IsBelow(FirstCompatible, text) ? text : Compose(DecomposeToCodePoints(text, compatible: true));

    private static bool IsBelow(char first, string text) => !text.AsSpan().ContainsAnyInRange(first, char.MaxValue);

    private static string Compose(List<int> points)
    {
        int starter = -1;
        int lastClass = 0;
        int kept = 0;
        for (int i = 0; i < points.Count; i++)
        {
            int point = points[i];
            int combiningClass = ClassOf(point);
            bool adjacent = starter == kept - 1;
            bool blocked = !adjacent && lastClass >= combiningClass;
            if (starter >= 0 && !blocked && TryCompose(points[starter], point, out int composed))
            {
                points[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = kept;
            }

            lastClass = combiningClass;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
        return ToText(points);
    }

    private static List<int> DecomposeToCodePoints(string text, bool compatible)
    {
        List<int> points = new(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (compatible && Compatible.TryGetValue(rune.Value, out int[]? parts))
            {
                points.AddRange(parts);
            }
            else
            {
                Decompose(rune.Value, points);
            }
        }

        // Marks in a row go by combining class; equal classes keep their order.
        for (int start = 0; start < points.Count; start++)
        {
            if (ClassOf(points[start]) == 0)
            {
                continue;
            }

            int end = start + 1;
            while (end < points.Count && ClassOf(points[end]) != 0)
            {
                end++;
            }

            if (end > start + 1)
            {
                int[] sorted = [.. points.GetRange(start, end - start).OrderBy(ClassOf)];
                for (int i = 0; i < sorted.Length; i++)
                {
                    points[start + i] = sorted[i];
                }
            }

            start = end;
        }

        return points;
    }

    private static void Decompose(int point, List<int> points)
    {
        int hangul = point - HangulFirst;
        if (hangul is >= 0 and < HangulCount)
        {
            points.Add(LeadFirst + (hangul / (VowelCount * TailCount)));
            points.Add(VowelFirst + (hangul / TailCount % VowelCount));
            if (hangul % TailCount != 0)
            {
                points.Add(TailBeforeFirst + (hangul % TailCount));
            }
        }
        else if (Decompositions.TryGetValue(point, out int[]? parts))
        {
            foreach (int part in parts)
            {
                Decompose(part, points);
            }
        }
        else
        {
            points.Add(point);
        }
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        int lead = first - LeadFirst;
        int vowel = second - VowelFirst;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            composed = HangulFirst + (((lead * VowelCount) + vowel) * TailCount);
            return true;
        }

        int tail = second - TailBeforeFirst;
        if (first - HangulFirst is >= 0 and < HangulCount && (first - HangulFirst) % TailCount == 0 && tail is > 0 and < TailCount)
        {
            composed = first + tail;
            return true;
        }

        return Compositions.TryGetValue((first, second), out composed);
    }

    private static int ClassOf(int point) =>
        point < FirstAffected ? 0 : CombiningClasses.GetValueOrDefault(point);

    private static IEnumerable<string> LinesOf(string table)
    {
        using Stream stream = typeof(CanonicalForm).Assembly.GetManifestResourceStream(table)!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line;
            }
        }
    }

    private static void ReadCombiningClass(string line)
    {
        string[] parts = line.Split(": ");
        byte combiningClass = byte.Parse(parts[0], CultureInfo.InvariantCulture);
        foreach (string range in parts[1].Split(' '))
        {
            string[] ends = range.Split('-');
            for (int point = CodePoint(ends[0]); point <= CodePoint(ends[^1]); point++)
            {
                CombiningClasses[point] = combiningClass;
            }
        }
    }

    private static void ReadDecompositions(string line)
    {
        foreach (string entry in line.Split(", "))
        {
            string[] sides = entry.Split('=', '>');
            int[] parts = [.. sides[1].Split(' ').Select(CodePoint)];
            int whole = CodePoint(sides[0]);
            Decompositions[whole] = parts;
            if (entry.Contains('='))
            {
                Compositions[(parts[0], parts[1])] = whole;
            }
        }
    }

    private static int CodePoint(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string ToText(List<int> points)
    {
        StringBuilder text = new(points.Count);
        Span<char> units = stackalloc char[2];
        foreach (int point in points)
        {
            text.Append(units[..new Rune(point).EncodeToUtf16(units)]);
        }

        return text.ToString();
    }
}
