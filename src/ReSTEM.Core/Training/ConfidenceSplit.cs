using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>Training sequences split at the median of a model's confidence in them.</summary>
/// <remarks>Xiao et al. 2024, arXiv:2410.05248, section 3.1.</remarks>
public sealed class ConfidenceSplit
{
    private ConfidenceSplit(int checkpoints, double[] perplexities, int[] mostConfidentFirst)
    {
        int half = mostConfidentFirst.Length / 2;
        (Checkpoints, Perplexities) = (checkpoints, perplexities);
        Confident = [.. mostConfidentFirst.Take(half).Order()];
        Unconfident = [.. mostConfidentFirst.Skip(half).Order()];
    }

    /// <summary>C.</summary>
    public int Checkpoints { get; }

    /// <summary>
    /// Of each sequence, in order, the mean of its perplexity over the checkpoints, at least 1; its confidence is minus that. Not a number for a
    /// sequence without a token that counts, which is in neither half.
    /// </summary>
    public IReadOnlyList<double> Perplexities { get; }

    /// <summary>Numbers of the sequences with the smaller perplexities, ascending; of an odd count the middle one is not among them.</summary>
    public IReadOnlyList<int> Confident { get; }

    /// <summary>Numbers of the others, ascending.</summary>
    public IReadOnlyList<int> Unconfident { get; }

    /// <summary>The median of the perplexities, where the halves meet.</summary>
    public double Median
    {
        get
        {
            double most = Confident.Max(index => Perplexities[index]), least = Unconfident.Min(index => Perplexities[index]);
            return Unconfident.Count > Confident.Count ? least : (most + least) / 2;
        }
    }

    /// <summary>Splits by what checkpoints say. Of equal confidences the first sequences count as the more confident ones.</summary>
    /// <param name="losses">Of each checkpoint, the mean negative log-likelihood per counted token of each sequence, in nats; not a number for one without such a token.</param>
    /// <exception cref="InvalidDataException">A perplexity is not finite, or checkpoints differ in their sequences.</exception>
    /// <exception cref="InvalidOperationException">Fewer than two sequences have a token that counts: a half would be empty.</exception>
    public static ConfidenceSplit Of(IReadOnlyList<IReadOnlyList<double>> losses)
    {
        double[] perplexities = new double[losses[0].Count];
        for (int checkpoint = 0; checkpoint < losses.Count; checkpoint++)
        {
            if (losses[checkpoint].Count != perplexities.Length)
            {
                throw new InvalidDataException($"checkpoint {checkpoint + 1} knows {losses[checkpoint].Count} sequences, expected {perplexities.Length} as the first does.");
            }

            for (int index = 0; index < perplexities.Length; index++)
            {
                double perplexity = Elementary.Pow(Math.E, losses[checkpoint][index]);
                perplexities[index] += double.IsInfinity(perplexity) ? throw new InvalidDataException(FormattableString.Invariant(
                    $"the perplexity of training sequence {index + 1} under checkpoint {checkpoint + 1} is not finite (loss {losses[checkpoint][index]}), expected a number; a lower learning rate may help."))
                    : perplexity / losses.Count;
            }
        }

        int[] order = [.. Enumerable.Range(0, perplexities.Length).Where(index => !double.IsNaN(perplexities[index])).OrderBy(index => perplexities[index])]; // stable
        ThrowUnlessTwo(order.Length);
        return new ConfidenceSplit(losses.Count, perplexities, order);
    }

    /// <summary>Refuses a split with an empty half.</summary>
    /// <param name="count">Of sequences with a token that counts.</param>
    /// <exception cref="InvalidOperationException">There are fewer than two.</exception>
    public static void ThrowUnlessTwo(int count)
    {
        if (count < 2)
        {
            throw new InvalidOperationException(
                $"{count} example{(count == 1 ? "" : "s")} to train on, expected at least 2: sftmix mixes a confident example with an unconfident one, and a half of them would be empty. " +
                "Draw more samples, or leave the objective out.");
        }
    }

    /// <summary>Whether a token of a sequence counts in its loss.</summary>
    public static bool Counts(TrainingSequence sequence) => sequence.TokenIds.Count > Math.Max(1, sequence.PromptLength);

    /// <summary>Mean loss per counted token of a sequence, of its log-probabilities; not a number where no token counts, and infinite where one has no number.</summary>
    /// <param name="logProbabilities">Of each token, in nats.</param>
    /// <param name="promptLength">Tokens t &gt;= max(1, promptLength) count.</param>
    public static double LossOf(ReadOnlySpan<float> logProbabilities, int promptLength)
    {
        int first = Math.Max(1, promptLength);
        double sum = 0;
        for (int t = first; t < logProbabilities.Length; t++)
        {
            sum -= logProbabilities[t];
        }

        return first >= logProbabilities.Length ? double.NaN
            : double.IsNaN(sum) ? double.PositiveInfinity
            : sum / (logProbabilities.Length - first);
    }

    /// <summary>Digest of the halves.</summary>
    public string Digest
    {
        get
        {
            using var digest = new ContentDigest();
            digest.Add(Confident.Count);
            foreach (int index in Confident.Concat(Unconfident))
            {
                digest.Add(index);
            }

            return digest.Finish();
        }
    }
}
