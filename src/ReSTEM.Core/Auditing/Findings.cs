namespace ReSTEM.Core;

/// <summary>Compares findings on one completion.</summary>
public static class Findings
{
    /// <summary>What differs of all that judging again reproduces, each in a few words.</summary>
    public static IEnumerable<string> Differences(Finding before, Finding now)
    {
        foreach (var (name, was, became) in new[]
        {
            ("verdict", before.Verdict.ToString(), now.Verdict.ToString()),
            ("reason", before.Reason, now.Reason),
            ("answer", before.Answer, now.Answer),
            ("answer key", before.AnswerKey ?? "", now.AnswerKey ?? ""),
            ("evidence", Text(before), Text(now)),
        })
        {
            if (was != became)
            {
                yield return $"{name} was '{was}', judged again '{became}'";
            }
        }
    }

    private static string Text(Finding finding) =>
        string.Join("; ", finding.Evidence.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}: {entry.Value}"));
}
