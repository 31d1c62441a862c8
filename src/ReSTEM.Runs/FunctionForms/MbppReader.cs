using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of MBPP: <c>text</c>, <c>test_list</c>, <c>test_setup_code</c> (sanitised: <c>prompt</c>, <c>test_imports</c>),
/// <c>challenge_test_list</c>, <c>code</c>; of MBPP+ on Hugging Face also <c>test</c>, which must pass as well.
/// </summary>
/// <remarks>Austin et al. 2021, arXiv:2108.07732. The challenge tests are not part of the benchmark; they are metadata here.</remarks>
internal static partial class MbppReader
{
    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "MBPP", "test_list", "test_setup_code", "test_imports", "challenge_test_list", "test", "source_file");
        IReadOnlyList<string> tests = row.Texts("test_list");
        if (tests.Count == 0)
        {
            throw row.Bad("test_list", "empty", "at least one assert statement");
        }

        string code = row.Optional("code").ReplaceLineEndings("\n");
        string text = row.Optional(row.Has("text") ? "text" : "prompt");
        string entryPoint = EntryPoint(code, tests);
        TestCode? more = row.Has("test") ? TestCode.Of(row, "test", entryPoint) : null;
        string setup = string.Join('\n', row.Texts("test_imports").Append(row.Optional("test_setup_code"))).ReplaceLineEndings("\n");
        return new Problem
        {
            Id = $"mbpp/{row.Optional("task_id") switch { "" => $"{row.Stem}/{row.Index}", var id => id }}",
            Task = TaskKind.Code,
            Prompt = $"{text}\n{string.Join('\n', tests)}\n",
            Solution = code,
            Tests = new CodeTests
            {
                Form = CodeTestForm.Asserts,
                EntryPoint = entryPoint,
                Setup = string.Join('\n', new[] { TestCode.ImportsFor(tests), setup, more?.Setup ?? "" }.Where(part => part.Length > 0)),
                Statements = more is null ? tests : [.. tests, more.Statement],
            },
            Metadata = row.Texts("challenge_test_list") is { Count: > 0 } challenge
                ? new Dictionary<string, string> { ["challenge_tests"] = string.Join('\n', challenge) }
                : [],
        };
    }

    // The last function of the reference solution that the tests call; without a solution the tests themselves tell.
    private static string EntryPoint(string code, IReadOnlyList<string> tests) =>
        Definition().Matches(code).Select(match => match.Groups[1].Value)
            .LastOrDefault(name => tests.Any(test => Regex.IsMatch(test, $@"\b{Regex.Escape(name)}\s*\("))) ?? "";

    [GeneratedRegex(@"^(?:def|class)[ \t]+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Definition();
}
