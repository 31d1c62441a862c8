using System.Security.Cryptography;
using System.Text;
using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>How different the accepted solutions of a problem are from each other: distances in [0, 1], means over problems.</summary>
/// <param name="RemoteClique">Mean over solutions of the mean distance to the others.</param>
/// <param name="Chamfer">Mean over solutions of the distance to the nearest other.</param>
/// <param name="Problems">Problems with at least two different solutions; the others say nothing.</param>
/// <remarks>
/// Measures of Li et al. 2023, arXiv:2310.07849, with the cosine distance between vectors of words and pairs of words, each weighted by
/// tf * (1 + ln((1 + N) / (1 + df))) over all N solutions.
/// </remarks>
public sealed record Diversity(double RemoteClique, double Chamfer, int Problems)
{
    /// <summary>Of groups of solutions; null where none has two. The groups are gone through twice.</summary>
    /// <param name="groups">For each problem its different solutions.</param>
    public static Diversity? Of(IEnumerable<IReadOnlyList<string>> groups)
    {
        var frequency = new Dictionary<ulong, int>();
        int solutions = 0;
        foreach (string solution in groups.SelectMany(group => group))
        {
            solutions++;
            foreach (ulong gram in Grams(solution).Distinct())
            {
                frequency[gram] = frequency.GetValueOrDefault(gram) + 1;
            }
        }

        double clique = 0, chamfer = 0;
        int problems = 0;
        foreach (var group in groups.Where(group => group.Count > 1))
        {
            Dictionary<ulong, double>[] vectors = [.. group.Select(solution => Vector(solution, frequency, solutions))];
            double[][] distances = [.. vectors.Select((one, i) => vectors.Where((_, j) => j != i).Select(other => Distance(one, other)).ToArray())];
            clique += distances.Average(row => row.Average());
            chamfer += distances.Average(row => row.Min());
            problems++;
        }

        return problems == 0 ? null : new Diversity(clique / problems, chamfer / problems, problems);
    }

    /// <summary>Unit length; in the order of the text, so that sums are the same everywhere.</summary>
    private static Dictionary<ulong, double> Vector(string text, Dictionary<ulong, int> frequency, int solutions)
    {
        var vector = new Dictionary<ulong, double>();
        foreach (ulong gram in Grams(text))
        {
            vector[gram] = vector.GetValueOrDefault(gram) + 1 + Elementary.Log((1.0 + solutions) / (1 + frequency[gram]));
        }

        double length = Math.Sqrt(vector.Values.Sum(value => value * value));
        return vector.ToDictionary(entry => entry.Key, entry => entry.Value / length);
    }

    private static double Distance(Dictionary<ulong, double> one, Dictionary<ulong, double> other) =>
        Math.Clamp(1 - one.Sum(entry => entry.Value * other.GetValueOrDefault(entry.Key)), 0, 1);

    private static IEnumerable<ulong> Grams(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Concat(words.Zip(words.Skip(1), (first, second) => $"{first} {second}")).DefaultIfEmpty("").Select(Hash);
    }

    private static ulong Hash(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
