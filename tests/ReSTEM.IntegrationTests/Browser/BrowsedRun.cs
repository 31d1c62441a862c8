using System.Globalization;
using Microsoft.Data.Sqlite;
using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// A run with samples whose texts and verdicts are known: problem p is solved first if p is even, and in the end if p is divisible by
/// three. Its texts try to be markup.
/// </summary>
internal sealed class BrowsedRun : IDisposable
{
    internal const string Nasty = "</script><img src=x onerror=alert(1)>";

    private readonly string _folder;

    internal BrowsedRun(int problems, int samples)
        : this(Directory.CreateTempSubdirectory("restem-browsed-").FullName, problems, samples)
    {
    }

    /// <summary>In a folder that is made.</summary>
    internal BrowsedRun(string folder, int problems, int samples)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Problems = [.. Enumerable.Range(0, problems).Select(p => new Problem
        {
            Id = $"p/{p}",
            Task = TaskKind.Math,
            Prompt = string.Create(CultureInfo.InvariantCulture, $"What is {p} + {p}? {Nasty}"),
            Reference = (2 * p).ToString(CultureInfo.InvariantCulture),
        })];
        using RunLedger ledger = RunLedger.Open(_folder);
        foreach (int iteration in new[] { 0, 1 })
        {
            var draw = DrawId.Sampled(iteration, "test");
            ledger.Samples.Begin(draw, new PolicyFingerprint("abc", new EngineFingerprint("known", "1", "text", Deterministic: true)));
            foreach (Problem[] part in Problems.Chunk(2048))
            {
                ledger.Samples.Write(draw, [.. part.SelectMany(problem => Enumerable.Range(0, samples).Select(i => Draw(problem, iteration, i)))]);
            }

            ledger.Measures.Write(iteration, Measure.Evaluation("test", "pass@1"), new Estimate(0.5 - (iteration / 6.0), 0.2, 0.8));
        }
    }

    internal string Folder => _folder;

    /// <summary>Draws an E-step too: one sample of each problem, on the training problems.</summary>
    internal void DrawEStep()
    {
        using RunLedger ledger = RunLedger.Open(_folder);
        ledger.Samples.Begin(DrawId.EStep(1), new PolicyFingerprint("abc", new EngineFingerprint("known", "1", "text", Deterministic: true)));
        ledger.Samples.Write(DrawId.EStep(1), [.. Problems.Select(problem => Draw(problem, 0, 0))]);
    }

    /// <summary>Says that the policy of iteration 1 was trained.</summary>
    internal void Train()
    {
        using RunLedger ledger = RunLedger.Open(_folder);
        ledger.Training.Write(1, new TrainingResult(Steps: 1, ChosenEpoch: 1, Measures: [], Tokens: 1, FinalLoss: 1, WeightsSha256: "ab"));
    }

    /// <summary>Draws one more sample of every problem with the base model, as a run that goes on does.</summary>
    internal void GoOn(int index)
    {
        using RunLedger ledger = RunLedger.Open(_folder);
        ledger.Samples.Write(DrawId.Sampled(0, "test"), [.. Problems.Select(problem => Draw(problem, 0, index))]);
    }

    internal IReadOnlyList<Problem> Problems { get; }

    /// <summary>Changes the ledger behind its program's back.</summary>
    internal void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, RunLedger.FileName)};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    /// <summary>What guards the rows of the ledger.</summary>
    internal IReadOnlyList<string> Triggers()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, RunLedger.FileName)};Pooling=False");
        connection.Open();
        return connection.Command("SELECT name FROM sqlite_master WHERE type = 'trigger'").Rows(row => row.GetString(0));
    }

    /// <summary>Writes the report of this run, or of this one beside others.</summary>
    internal string Report(params BrowsedRun[] others)
    {
        string path = Path.Combine(_folder, "report.html");
        var runs = others.Prepend(this).Select((run, i) => (Ledger: RunLedger.OpenToRead(run._folder), Run: run, Name: $"run-{i}")).ToList();
        File.WriteAllText(path, HtmlReport.Text([.. runs.Select(run => new ReportedRun(run.Run._folder, run.Ledger, SummaryReader.Read(run.Ledger, run.Run.View(run.Name))))], HtmlReport.UsualMostSamples));
        runs.ForEach(run => run.Ledger.Dispose());
        return "file://" + path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal RunView View(string name) => new()
    {
        Name = name,
        Seed = 1,
        Iterations = 1,
        Evaluations = [new EvaluationSet("test", Problems, new EvaluationOptions { Samples = 1, K = [1], Greedy = false })],
        Verifier = new TaskVerifier(new Dictionary<TaskKind, IVerifier>()),
    };

    private static Sample Draw(Problem problem, int iteration, int index)
    {
        int p = int.Parse(problem.Id.AsSpan(2), CultureInfo.InvariantCulture);
        bool isRight = index == 0 && p % (iteration == 0 ? 2 : 3) == 0;
        string answer = isRight ? problem.Reference : (p % 7) switch { 1 => "-2+3", 3 => "say \"no\"", 5 => "=1+1", _ => "-1" };
        string text = string.Create(CultureInfo.InvariantCulture, $"Let us add {p} and {p}, attempt {index}{(iteration == 0 ? "" : ", with care")}.\n{Nasty}\n#### {answer}");
        return new Sample(
            new Completion { ProblemId = problem.Id, Index = index, TokenIds = [1, 2, 3], Text = text, FinishReason = FinishReason.EndOfText, LogProbability = -1.5 },
            new Finding { Verdict = isRight ? Verdict.Correct : Verdict.Incorrect, Reason = isRight ? "equal" : "different", Answer = answer, Verifier = "known 1" });
    }
}
