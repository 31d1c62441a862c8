using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Runs;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Submissions as they come: what a policy draws, what a data set publishes, and that broken.</summary>
internal static class Mixes
{
    private const int QuickstartProblems = 100;
    private const int Draws = 8;
    private const int MostOfASet = 200;

    public static async Task<IReadOnlyList<(string Name, List<(Problem Problem, string Code)> Submissions)>> ReadAsync(string data)
    {
        var humanEval = CodeData.HumanEval(data);
        return
        [
            ("quickstart, drawn by its base model", await QuickstartAsync()),
            ("HumanEval, canonical", Right(humanEval)),
            ("HumanEval, broken", Broken(humanEval)),
            ("MBPP, reference and broken", Mixed(CodeData.Mbpp(data))),
            ("LeetCode, reference and broken", Mixed(CodeData.LeetCode(data))),
            ("APPS, reference and broken", Mixed(CodeData.Apps(data))),
        ];
    }

    /// <summary>The base model's own draws on the quickstart's functions, with its settings.</summary>
    public static async Task<List<(Problem Problem, string Code)>> QuickstartAsync()
    {
        var problems = GeneratedProblems.Create([GeneratedKind.Code], ProblemSplit.Train, QuickstartProblems, 2, new GeneratorOptions());
        var engine = new ManagedEngine(new EngineOptions { Threads = 1 });
        var reference = engine.Resolve(BaseModel());
        using IPolicy policy = engine.Open(reference);
        var prompts = Prompts.Encode(engine.Describe(reference), problems, new PromptOptions { Template = "{prompt}\n" }, isUntrained: false);
        var random = RandomStream.Of(1, RandomPurpose.EStep);
        var options = new SamplingOptions { Temperature = 0.7, TopK = 40, MaxTokens = 110 };
        var requests = problems.SelectMany((problem, p) => Enumerable.Range(0, Draws).Select(index => new SampleRequest
        {
            ProblemId = problem.Id,
            Index = index,
            PromptIds = prompts[p],
            Options = options,
            Random = random.At(0, problem.Id, index),
        }));
        var byId = problems.ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        var drawn = new List<Completion>();
        await foreach (var completion in policy.SampleAsync(requests, CancellationToken.None))
        {
            drawn.Add(completion);
        }

        return [.. drawn.OrderBy(completion => completion.ProblemId, StringComparer.Ordinal).ThenBy(completion => completion.Index)
            .Select(completion => (byId[completion.ProblemId], completion.Text))];
    }

    private static List<(Problem Problem, string Code)> Right(IEnumerable<Problem> problems) =>
        [.. problems.Select(problem => (problem, problem.Solution))];

    private static List<(Problem Problem, string Code)> Broken(IEnumerable<Problem> problems) =>
        [.. problems.Select(problem => (problem, WithoutAnswer(problem)))];

    private static List<(Problem Problem, string Code)> Mixed(IEnumerable<Problem> problems) =>
        [.. problems.Where(problem => problem.Solution.Length > 0).Take(MostOfASet)
            .SelectMany(problem => new[] { (problem, problem.Solution), (problem, WithoutAnswer(problem)) })];

    // Functions give back another thing, programs print nothing.
    private static string WithoutAnswer(Problem problem)
    {
        string name = problem.Tests!.EntryPoint;
        return problem.Tests.Form is CodeTestForm.StandardIo
            ? "import os, sys\nsys.stdout = open(os.devnull, 'w')\n" + problem.Solution
            : $"{problem.Solution}\n{(name.Length > 0 ? name : "unknown")} = lambda *a, **k: 'wrong'\n";
    }

    private static string BaseModel()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string model = Path.Combine(folder.FullName, "configs/quickstart/base");
            if (Directory.Exists(model))
            {
                return model;
            }
        }

        throw new InvalidOperationException($"There is no configs/quickstart/base above {AppContext.BaseDirectory}.");
    }
}
