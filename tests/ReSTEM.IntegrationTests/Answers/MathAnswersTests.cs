using ReSTEM.Answers;
using ReSTEM.Core;
using ReSTEM.Tests;

namespace ReSTEM.IntegrationTests;

public sealed class MathAnswersTests
{
    // Faults of the data that its README documents: two empty boxes, and a last box that its own text takes back.
    private static readonly string[] DocumentedFaults = ["test/prealgebra/177", "train/number_theory/7115", "train/number_theory/7117"];

    private static readonly MathVerifier Verifier = new();

    [DataFact]
    public async Task Every_reference_solution_of_math_and_gsm8k_is_correct_but_the_documented_faults()
    {
        var others = new List<string>();
        foreach (var row in All().Concat(MathRow.Gsm8k("train")).Concat(MathRow.Gsm8k("test")))
        {
            var problem = new Problem { Id = row.Id, Task = TaskKind.Math, Prompt = row.Prompt, Reference = row.Reference, Solution = row.Solution };
            if ((await Verifier.VerifyAsync(problem, row.Solution, CancellationToken.None)).Verdict != Verdict.Correct)
            {
                others.Add(row.Id);
            }
        }

        Assert.Equal(DocumentedFaults, others.Order(StringComparer.Ordinal));
    }

    [DataFact]
    public void Every_reference_answer_is_read_and_equals_itself()
    {
        int fallbacks = 0;
        int count = 0;
        foreach (var row in All().Where(static row => row.Reference.Trim().Length > 0))
        {
            count++;
            var read = AnswerReader.Read(row.Reference, new Budget(200_000));
            Assert.NotNull(read);
            fallbacks += read.Value.IsFallback ? 1 : 0;
            Assert.Equal((row.Id, Verdict.Correct), (row.Id, Verifier.Compare(row.Reference, row.Reference).Verdict));
            Assert.Equal((row.Id, Verdict.Correct), (row.Id, Verifier.Compare(row.Reference, $" {row.Reference} ").Verdict));
        }

        Assert.True(fallbacks <= 0.003 * count, $"{fallbacks} of {count} answers are compared as plain text.");
    }

    [DataFact]
    public void Perturbations_of_all_answers_stay_correct()
    {
        var (bad, count) = GeneratedNeighbourTests.Judge(Answers(), Perturbations.Of, Verdict.Correct);
        Assert.True(bad.Count <= 0.005 * count, $"{bad.Count} of {count}:\n" + string.Join('\n', bad));
    }

    [DataFact]
    public void Wrong_neighbours_of_all_answers_are_incorrect()
    {
        var (bad, count) = GeneratedNeighbourTests.Judge(Answers(), WrongNeighbours.Of, Verdict.Incorrect);
        Assert.True(bad.Count <= 0.001 * count, $"{bad.Count} of {count}:\n" + string.Join('\n', bad));
    }

    [DataFact]
    public void Two_hundred_thousand_fuzzed_pairs_neither_fail_nor_depend_on_order_run_or_thread()
    {
        string[] answers = [.. MathRow.Math("test").Select(static row => row.Reference)];
        var parts = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8)
            .SelectMany(part => FuzzTests.Faults(Fuzz.PairsOf((ulong)(100 + part), 25_000, answers)));
        Assert.Empty(parts);
    }

    private static IEnumerable<MathRow> All() => MathRow.Math("train").Concat(MathRow.Math("test"));

    private static IEnumerable<MathRow> Answers() => All().Where(static row => row.Reference.Trim().Length > 0);
}
