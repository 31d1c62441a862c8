using System.Security.Cryptography;
using System.Text;
using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>How different texts of a group are from each other, for example the accepted solutions of a problem: distances, means over groups.</summary>
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
        double clique = 0, chamfer = 0;
        int problems = 0;
        foreach (Diversity one in OfEach(groups).OfType<Diversity>())
        {
            clique += one.RemoteClique;
            chamfer += one.Chamfer;
            problems++;
        }

        return problems == 0 ? null : new Diversity(clique / problems, chamfer / problems, problems);
    }

    /// <summary>Of each group by itself, the weights being those of all groups together, so that groups compare; null for those with fewer than two.</summary>
    /// <param name="groups">Gone through twice.</param>
    public static IEnumerable<Diversity?> OfEach(IEnumerable<IReadOnlyList<string>> groups)
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

        foreach (var group in groups)
        {
            if (group.Count < 2)
            {
                yield return null;
                continue;
            }

            Dictionary<ulong, double>[] maps = [.. group.Select(solution => Vector(solution, frequency, solutions))];
            KeyValuePair<ulong, double>[][] vectors = [.. maps.Select(map => map.ToArray())];
            var (meanApart, nearestApart) = PairDistances.Of(vectors.Length, other => one => Distance(vectors[one], maps[other]));
            yield return new Diversity(meanApart, nearestApart, 1);
        }
    }

    /// <summary>Of the embeddings of one set of texts, with the cosine distance 1 - cos, in [0, 2].</summary>
    /// <param name="embeddings">Vectors of one length, none of them 0.</param>
    /// <returns>Null for fewer than two.</returns>
    /// <exception cref="ArgumentException">A vector is of another length, 0, or holds what is not a finite number; it is named by its place, from 0.</exception>
    public static Diversity? OfEmbeddings(IReadOnlyList<float[]> embeddings)
    {
        double[][] units = [.. embeddings.Select((vector, place) => Unit(vector, place, embeddings[0].Length))];
        if (units.Length < 2)
        {
            return null;
        }

        var (clique, chamfer) = PairDistances.Of(units.Length, other => one => Math.Clamp(1 - Product(units[one], units[other]), 0, 2));
        return new Diversity(clique, chamfer, 1);
    }

    private static double[] Unit(float[] vector, int place, int length)
    {
        double squares = vector.Sum(value => (double)value * value);
        return vector.Length != length ? throw new ArgumentException($"embedding {place} has {vector.Length} numbers, expected {length} as the first.")
            : double.IsFinite(squares) && squares > 0 ? [.. vector.Select(value => value / Math.Sqrt(squares))]
            : throw new ArgumentException($"embedding {place} has the squared length {squares}, expected a finite one above 0: it has no direction.");
    }

    private static double Product(double[] one, double[] other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
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

    private static double Distance(KeyValuePair<ulong, double>[] one, Dictionary<ulong, double> other)
    {
        double product = 0;
        foreach (var (gram, value) in one)
        {
            product += value * other.GetValueOrDefault(gram);
        }

        return Math.Clamp(1 - product, 0, 1);
    }

    private static IEnumerable<ulong> Grams(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Concat(words.Zip(words.Skip(1), (first, second) => $"{first} {second}")).DefaultIfEmpty("").Select(Hash);
    }

    private static ulong Hash(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
