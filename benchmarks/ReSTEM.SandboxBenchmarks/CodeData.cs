using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>The published code data sets with their reference solutions.</summary>
internal static class CodeData
{
    public static List<Problem> HumanEval(string data) => Read(Path.Combine(data, "humaneval/HumanEval.jsonl.gz"));

    public static List<Problem> Mbpp(string data) => Read(Path.Combine(data, "mbpp/mbpp.jsonl.gz"));

    public static List<Problem> LeetCode(string data) => Read(Path.Combine(data, "leetcode/leetcode_train.jsonl.gz"));

    public static List<Problem> Apps(string data) => Read(Path.Combine(data, "apps/apps_train_5.jsonl"));

    private static List<Problem> Read(string path) => [.. ProblemFile.Read(path, new ProblemReadOptions())];
}
