namespace ReSTEM.Runs;

/// <summary>Finds what a mistyped name was meant to be.</summary>
public static class NearestName
{
    /// <summary>The nearest of the names by edit distance, or null when none is near.</summary>
    public static string? Of(string typed, IEnumerable<string> names)
    {
        var (name, distance) = names
            .Select(candidate => (candidate, distance: Distance(typed, candidate)))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return name is not null && distance <= Math.Max(2, typed.Length / 3) ? name : null;
    }

    /// <summary>Levenshtein 1966.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
