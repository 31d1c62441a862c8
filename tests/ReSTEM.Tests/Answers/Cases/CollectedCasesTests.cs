using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Answers that people and models wrote and that checkers judged wrongly, collected from public reports.</summary>
public sealed class CollectedCasesTests
{
    /// <summary>Lines of the file that are judged otherwise on purpose; docs/math-answers.md says why.</summary>
    private static readonly int[] JudgedOtherwise = [];

    [DataFact]
    public async Task Every_collected_case_is_judged_as_it_deserves()
    {
        var wrong = new List<string>();
        int line = 0;
        foreach (var row in MathCase.ReadAll(SharedData.PathOf("cases/math-open.jsonl")))
        {
            line++;
            var finding = await row.JudgeAsync();
            if ((finding.Verdict == Verdict.Correct) != row.Expected && !JudgedOtherwise.Contains(line))
            {
                wrong.Add($"{line} {row.Fault}: {row.Gold} | {row.Completion} | {finding.Verdict} {finding.Reason}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong\n" + string.Join('\n', wrong));
    }
}
