using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class MathDataTests
{
    private static readonly MathVerifier Verifier = new();

    [DataFact]
    public async Task Every_gsm8k_test_solution_is_correct()
    {
        foreach (var row in MathRow.Gsm8k("test"))
        {
            Assert.Equal((row.Id, Verdict.Correct), (row.Id, await Judge(row)));
        }
    }

    // The data set's own README: the last box of test/prealgebra/177 is 12, but its text says that the answer is 6.
    [DataFact]
    public async Task Every_math_test_solution_is_correct_but_the_documented_one()
    {
        var others = new List<string>();
        foreach (var row in MathRow.Math("test"))
        {
            if (await Judge(row) != Verdict.Correct)
            {
                others.Add(row.Id);
            }
        }

        Assert.Equal(["test/prealgebra/177"], others);
    }

    private static async Task<Verdict> Judge(MathRow row)
    {
        var problem = new Problem { Id = row.Id, Task = TaskKind.Math, Prompt = row.Prompt, Reference = row.Reference, Solution = row.Solution };
        return (await Verifier.VerifyAsync(problem, row.Solution, CancellationToken.None)).Verdict;
    }
}
