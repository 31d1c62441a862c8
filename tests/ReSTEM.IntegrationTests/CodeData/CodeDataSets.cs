using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>The published code data sets in <c>../shared/data</c> beside the repository.</summary>
internal static class CodeDataSets
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(RepositoryRoot(), "..", "shared", "data"));

    public static bool Present => Directory.Exists(Root);

    public static IReadOnlyList<Problem> HumanEval => Read("humaneval/HumanEval.jsonl.gz");

    public static IReadOnlyList<Problem> Mbpp => Read("mbpp/mbpp.jsonl.gz");

    public static string LeetCodePath => Path.Combine(Root, "leetcode/leetcode_train.jsonl.gz");

    public static IReadOnlyList<Problem> LeetCode => Read(LeetCodePath);

    public static IReadOnlyList<Problem> Apps => Read("apps/apps_train_5.jsonl");

    public static IReadOnlyList<DataRow> AppsRows => [.. DataFile.Read(Path.Combine(Root, "apps/apps_train_5.jsonl")).Rows()];

    private static IReadOnlyList<Problem> Read(string file) => ProblemFile.Read(Path.Combine(Root, file), new ProblemReadOptions());

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReSTEM.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No ReSTEM.sln above {AppContext.BaseDirectory}.");
    }
}
