using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>The published code data sets with their reference solutions.</summary>
internal static class CodeData
{
    public static List<Problem> HumanEval(string data) => Read(data, "humaneval/HumanEval.jsonl.gz", HumanEvalReader.Read);

    public static List<Problem> Mbpp(string data) => Read(data, "mbpp/mbpp.jsonl.gz", MbppReader.Read);

    public static List<Problem> LeetCode(string data) => Read(data, "leetcode/leetcode_train.jsonl.gz", LeetCodeReader.Read);

    public static List<Problem> Apps(string data) => Read(data, "apps/apps_train_5.jsonl", AppsReader.Read);

    public static List<Problem> Contests(string data) =>
        [.. Read(data, "codeforces/codeforces.jsonl.gz", ContestReader.Read), .. Read(data, "code_contests/code_contests.jsonl.gz", ContestReader.Read)];

    private static List<Problem> Read(string data, string file, Func<DataRow, Problem> read) =>
        [.. DataFile.Read(Path.Combine(data, file)).Rows().Select(read)];
}
