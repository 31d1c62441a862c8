using System.Collections.Concurrent;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>The published code data sets in <c>../shared/data</c> beside the repository.</summary>
internal static class CodeDataSets
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(RepositoryRoot(), "..", "shared", "data"));

    public static bool Present => Directory.Exists(Root);

    private const int Stride = 8;

    private static readonly ConcurrentDictionary<string, IReadOnlyList<Problem>> Known = new();

    // They take seconds, and were over a limit where the machine was slow.
    private static readonly string[] Named = ["mbpp/123", "leetcode/train/838"];

    public static IReadOnlyList<Problem> HumanEval => Read("humaneval/HumanEval.jsonl.gz");

    public static IReadOnlyList<Problem> Mbpp => Read("mbpp/mbpp.jsonl.gz");

    public static string LeetCodePath => Path.Combine(Root, "leetcode/leetcode_train.jsonl.gz");

    public static IReadOnlyList<Problem> LeetCode => Read(LeetCodePath);

    public static IReadOnlyList<Problem> Apps => Read("apps/apps_train_5.jsonl");

    public static IReadOnlyList<DataRow> AppsRows => [.. DataFile.Read(Path.Combine(Root, "apps/apps_train_5.jsonl")).Rows()];

    /// <summary>
    /// The LeetCode solutions that import what is no part of Python, by problem id. The site has these packages; here a submission
    /// has those that <c>SandboxOptions.Packages</c> names, by default none.
    /// </summary>
    public static IReadOnlyDictionary<string, string> PackagesNeeded { get; } = new Dictionary<string, string>
    {
        ["leetcode/train/221"] = "sortedcontainers",
        ["leetcode/train/953"] = "sortedcontainers",
        ["leetcode/train/985"] = "sortedcontainers",
        ["leetcode/train/1047"] = "sortedcontainers",
        ["leetcode/train/1374"] = "numpy",
        ["leetcode/train/1613"] = "sortedcontainers",
        ["leetcode/train/1769"] = "sortedcontainers",
        ["leetcode/train/1810"] = "sortedcontainers",
        ["leetcode/train/1817"] = "sortedcontainers",
        ["leetcode/train/1857"] = "sortedcontainers",
    };

    /// <summary>
    /// Whether all of a large data set is judged, as <c>./restem test --whole</c> asks for: a quarter of an hour more. Else every
    /// eighth of its problems is, and those that had been judged wrongly or need packages.
    /// </summary>
    public static bool Whole { get; } = Environment.GetEnvironmentVariable("RESTEM_TEST_WHOLE") == "1";

    /// <summary>Those of a large data set that are judged.</summary>
    /// <param name="problems">The data set, or a part of it.</param>
    public static IReadOnlyList<Problem> Judged(IReadOnlyList<Problem> problems) =>
        Whole ? problems : [.. problems.Where((problem, index) => index % Stride == 0 || Named.Contains(problem.Id) || PackagesNeeded.ContainsKey(problem.Id))];

    private static IReadOnlyList<Problem> Read(string file) =>
        Known.GetOrAdd(file, static file => ProblemFile.Read(Path.Combine(Root, file), new ProblemReadOptions()));

    /// <summary>The folder of the solution.</summary>
    public static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReSTEM.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No ReSTEM.sln above {AppContext.BaseDirectory}.");
    }
}
