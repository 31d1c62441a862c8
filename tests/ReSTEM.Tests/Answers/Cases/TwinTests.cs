using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Neighbours of every known class of faults, right and wrong, written for this test: the files beside it.</summary>
public sealed class TwinTests
{
    private const int TwinsOfAClass = 10;

    private static string Folder => Path.Combine(SharedData.RepositoryRoot, "tests", "ReSTEM.Tests", "Answers", "Cases");

    public static TheoryData<string, int> Files()
    {
        var data = new TheoryData<string, int>();
        foreach (string file in Directory.GetFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            data.Add(Path.GetFileName(file), MathCase.ReadAll(file).Count());
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_twin_is_judged_as_it_deserves(string file, int count)
    {
        var wrong = new List<string>();
        int line = 0;
        foreach (var twin in MathCase.ReadAll(Path.Combine(Folder, file)))
        {
            line++;
            var finding = await twin.JudgeAsync();
            if ((finding.Verdict == Verdict.Correct) != twin.Expected || finding.Verdict == Verdict.VerifierFailed)
            {
                wrong.Add($"{file}:{line}: {twin.Gold} | {twin.Completion} | {finding.Verdict} {finding.Reason}");
            }
        }

        Assert.Equal(count, line);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [DataFact]
    public void Every_class_of_the_collected_cases_has_ten_twins_right_and_wrong()
    {
        var twins = Directory.GetFiles(Folder, "*.jsonl").SelectMany(MathCase.ReadAll).ToLookup(twin => twin.Fault);
        var classes = MathCase.ReadAll(SharedData.PathOf("cases/math-open.jsonl")).Select(row => row.Fault).Distinct();
        var poor = classes.Where(name =>
            twins[name].Count() < TwinsOfAClass || twins[name].All(twin => twin.Expected) || !twins[name].Any(twin => twin.Expected));
        Assert.Empty(poor);
    }
}
