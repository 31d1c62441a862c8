using System.Data;
using System.Globalization;
using System.Text.RegularExpressions;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed partial class GeneratedProblemsTests : IDisposable
{
    private static readonly GeneratedKind[] AllKinds = [GeneratedKind.Arithmetic, GeneratedKind.Word, GeneratedKind.Code];

    private readonly DataTable _table = new();

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Arithmetic_references_and_every_line_of_working_are_right(double longArithmetic)
    {
        foreach (Problem problem in Create([GeneratedKind.Arithmetic], 300, options: new() { LongArithmetic = longArithmetic }))
        {
            Assert.Matches(Sum(), problem.Prompt);
            Assert.Equal(Evaluate(problem.Prompt[..^2]), problem.Reference);
            RequireRightWorking(problem);
            Assert.Equal(longArithmetic > 0, problem.Metadata["level"] == "long");
        }
    }

    [Fact]
    public void A_worked_arithmetic_problem_reads_as_documented()
    {
        WrittenSteps steps = new(); // ((-5 + 9 * -4) * (4 - -7)) =
        StepOperand product = steps.Add(StepOperand.Of(9), '*', StepOperand.Of(-4));
        StepOperand first = steps.Add(StepOperand.Of(-5), '+', product);
        StepOperand second = steps.Add(StepOperand.Of(4), '-', StepOperand.Of(-7));
        steps.Add(first, '*', second);
        Assert.Equal("9 * -4=-36\n-5 + -36=-41\n4 - -7=11\n-41 * 11=-451\n#### -451", steps.Careful());
        Assert.Equal("#### -451", steps.Bare());
    }

    [Fact]
    public void Word_references_follow_from_their_stories()
    {
        foreach (Problem problem in Create([GeneratedKind.Word], 300))
        {
            long total = 0;
            foreach (string sentence in problem.Prompt.Split(". ")[..^1])
            {
                long[] n = [.. Number().Matches(sentence).Select(match => long.Parse(match.Value, CultureInfo.InvariantCulture))];
                total = sentence switch
                {
                    _ when sentence.Contains(" has ") => n[0],
                    _ when sentence.Contains(" boxes of ") || sentence.Contains(" friends bring ") => total + (n[0] * n[1]),
                    _ when sentence.Contains(" bags of ") => total - (n[0] * n[1]),
                    _ when sentence.Contains(" gives away ") => total - n[0],
                    _ when sentence.Contains(" doubles") => total * 2,
                    _ => total + n[0],
                };
                Assert.InRange(total, 0, 99);
            }

            Assert.Equal(total.ToString(CultureInfo.InvariantCulture), problem.Reference);
            RequireRightWorking(problem);
        }
    }

    [Fact]
    public void Splits_share_no_prompt_whatever_seed_and_size()
    {
        Dictionary<string, ProblemSplit> splitOf = [];
        foreach (ProblemSplit split in Enum.GetValues<ProblemSplit>())
        {
            foreach (ulong seed in (ulong[])[1, 2, 12345])
            {
                foreach (Problem problem in Create(AllKinds, 300, split, seed))
                {
                    Assert.Equal(split, splitOf.GetValueOrDefault(problem.Prompt, split));
                    splitOf[problem.Prompt] = split;
                }
            }
        }

        foreach (CorpusDocument document in QuickstartCorpus.Documents(CorpusStage.First, "one", 1).Take(3000))
        {
            Assert.Equal(ProblemSplit.Corpus, splitOf.GetValueOrDefault(document.Prompt.TrimEnd('\n'), ProblemSplit.Corpus));
        }
    }

    [Fact]
    public void A_set_passes_its_own_checks_and_a_larger_one_starts_with_it()
    {
        IReadOnlyList<Problem> small = Create(AllKinds, 100);
        IReadOnlyList<Problem> large = Create(AllKinds, 1000);
        Assert.Equal(1000, ProblemSet.Create("train", large, []).Problems.Count);
        Assert.Equal(small.Select(problem => (problem.Id, problem.Prompt)), large.Take(100).Select(problem => (problem.Id, problem.Prompt)));
        Assert.Matches("^(arithmetic|word|code)/train/1/0$", large[0].Id);
        Assert.NotEqual(small.Select(problem => problem.Prompt), Create(AllKinds, 100, seed: 2).Select(problem => problem.Prompt));
    }

    [Fact]
    public void Kinds_and_shapes_come_in_their_shares()
    {
        var counts = Create(AllKinds, 3000)
            .GroupBy(problem => problem.Metadata["kind"] == "arithmetic" ? problem.Metadata["shape"] : problem.Metadata["kind"])
            .ToDictionary(group => group.Key, group => group.Count());

        // One third each; of the arithmetic two fifths 2+2, a fifth 3+2, 2+3, bare. 4 standard deviations of 3000 draws are under 110.
        Assert.InRange(counts["word"], 890, 1110);
        Assert.InRange(counts["code"], 890, 1110);
        Assert.InRange(counts["2+2"], 320, 480);
        Assert.InRange(counts["3+2"], 140, 260);
        Assert.InRange(counts["2+3"], 140, 260);
        Assert.InRange(counts["3"] + counts["4"], 140, 260);
        Assert.Equal(7, counts.Count);
    }

    [Fact]
    public void Too_many_problems_are_refused()
    {
        Assert.Contains("kinds is empty", Assert.Throws<ArgumentException>(() => Create([], 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(AllKinds, 0));

        // Two and three operands alone: 19 * 19 * 3 prompts of two operands, of which 5 % are for validation; the rest is three operands
        // and two groups of two, so many hundreds are there.
        Assert.Equal(500, Create([GeneratedKind.Arithmetic], 500, ProblemSplit.Validation, options: new() { Level = ProblemLevel.Easy }).Count);
    }

    private static IReadOnlyList<Problem> Create(
        GeneratedKind[] kinds, int count, ProblemSplit split = ProblemSplit.Train, ulong seed = 1, GeneratorOptions? options = null) =>
        GeneratedProblems.Create(kinds, split, count, seed, options ?? new GeneratorOptions());

    private void RequireRightWorking(Problem problem)
    {
        string[] lines = problem.Solution.Split('\n');
        Assert.Equal($"#### {problem.Reference}", lines[^1]);
        Assert.Equal(problem.Metadata["steps"], (lines.Length - 1).ToString(CultureInfo.InvariantCulture));
        Assert.All(lines[..^1], line => Assert.Equal(Evaluate(line.Split('=')[0]), line.Split('=')[1]));
    }

    /// <summary>.NET's own evaluation of an expression.</summary>
    private string Evaluate(string expression) => Convert.ToString(_table.Compute(expression, ""), CultureInfo.InvariantCulture)!;

    [GeneratedRegex(@"^(\(\(-?\d( [-+*] -?\d)+\) [-+*] \(-?\d( [-+*] -?\d)+\)\)|-?\d( [-+*] -?\d)+) =$")]
    private static partial Regex Sum();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
