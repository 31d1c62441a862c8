namespace ReSTEM.Core;

/// <summary>Groups one problem's samples by the answer they gave.</summary>
/// <param name="Right">Samples in the class of the right answer.</param>
/// <param name="Wrong">Sizes of the classes of wrong answers.</param>
/// <param name="Abstained">Samples without an answer.</param>
public sealed record AnswerClasses(int Right, IReadOnlyList<int> Wrong, int Abstained)
{
    /// <summary>
    /// Correct samples are one class. The others are grouped by <see cref="Finding.AnswerKey"/>; answers without a key join the first
    /// class with the same answer by <see cref="IVerifier.SameAnswer"/>. Samples that no answer could be read from abstain.
    /// </summary>
    public static AnswerClasses Of(Problem problem, IEnumerable<Sample> samples, IVerifier verifier)
    {
        int right = 0;
        int abstained = 0;
        var keyed = new Dictionary<string, int>(StringComparer.Ordinal);
        var unkeyed = new List<(string Answer, int Count)>();
        foreach (Finding finding in samples.Select(sample => sample.Finding))
        {
            if (finding.Verdict is Verdict.Correct)
            {
                right++;
            }
            else if (finding.Answer.Length == 0 && finding.AnswerKey is null)
            {
                abstained++;
            }
            else if (finding.AnswerKey is { } key)
            {
                keyed[key] = keyed.GetValueOrDefault(key) + 1;
            }
            else
            {
                Join(problem, unkeyed, finding.Answer, verifier);
            }
        }

        return new AnswerClasses(right, [.. keyed.Values, .. unkeyed.Select(answers => answers.Count)], abstained);
    }

    private static void Join(Problem problem, List<(string Answer, int Count)> classes, string answer, IVerifier verifier)
    {
        for (int i = 0; i < classes.Count; i++)
        {
            if (verifier.SameAnswer(problem, classes[i].Answer, answer))
            {
                classes[i] = (classes[i].Answer, classes[i].Count + 1);
                return;
            }
        }

        classes.Add((answer, 1));
    }
}
