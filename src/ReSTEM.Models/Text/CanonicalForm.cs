using System.Globalization;
using System.Text;

namespace ReSTEM.Models;

/// <summary>Unicode's canonical normal forms C and D. Ours, because .NET leaves text as it is when globalization is invariant.</summary>
/// <remarks>Unicode Standard Annex 15; the standard's sections 3.11 and 3.12 (Hangul). The data come from an embedded table.</remarks>
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

    private static readonly Dictionary<int, byte> CombiningClasses = [];
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];

    static CanonicalForm()
    {
        using Stream stream = typeof(CanonicalForm).Assembly.GetManifestResourceStream("canonical-equivalence.txt")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Contains(':'))
            {
                ReadCombiningClass(line);
            }
            else
            {
                ReadDecompositions(line);
            }
        }
    }

    /// <summary>Normal form D.</summary>
    internal static string Decompose(string text) => ToText(DecomposeToCodePoints(text));

    /// <summary>Normal form C.</summary>
    internal static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstAffected, char.MaxValue))
        {
            return text;
        }

        List<int> points = DecomposeToCodePoints(text);
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

    private static List<int> DecomposeToCodePoints(string text)
    {
        List<int> points = new(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, points);
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
        foreach (int point in points)
        {
            text.Append(new Rune(point).ToString());
        }

        return text.ToString();
    }
}
