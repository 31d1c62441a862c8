using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A call-based LeetCode row: <c>id</c>, <c>entry_point</c>, <c>problem</c>, <c>solution</c>, <c>test</c>, where the test ends in a call of
/// <c>check(Solution().name)</c>. Submissions may use the usual libraries without importing them, as on the site.
/// </summary>
internal static class LeetCodeReader
{
    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "LeetCode", "test");
        TestCode tests = TestCode.Of(row, "test", entryPoint: "");
        return new Problem
        {
            Id = row.Optional("id") switch { "" => $"{row.Stem}/{row.Index}", var id => id },
            Task = TaskKind.Code,
            Prompt = row.Optional(row.Has("problem") ? "problem" : "question"),
            Solution = row.Optional("solution"),
            Tests = new CodeTests
            {
                Form = CodeTestForm.Asserts,
                Preamble = SiteImports.Usual,
                Setup = tests.Setup.Length == 0 ? SiteImports.Usual : $"{SiteImports.Usual}\n\n{tests.Setup}",
                Statements = [tests.Statement],
            },
            Metadata = new Dictionary<string, string> { ["entry_point"] = row.NonBlank("entry_point") },
        };
    }
}
