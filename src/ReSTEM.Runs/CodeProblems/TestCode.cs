using System.Text.RegularExpressions;

namespace ReSTEM.Runs;

/// <summary>The test code of a row in Python, with what has to be there before it and what sets it going.</summary>
/// <param name="Setup">Goes before the statements: stand-ins for frameworks and packages.</param>
/// <param name="Statement">The code, ending in what runs it.</param>
internal sealed partial record TestCode(string Setup, string Statement)
{
    /// <summary>
    /// Recognises <c>check(candidate)</c>, classes of <c>unittest</c>, functions and classes of pytest, and asserts that stand alone;
    /// several of them in one text all run.
    /// </summary>
    /// <param name="row">For messages.</param>
    /// <param name="field">Where the code is.</param>
    /// <param name="entryPoint">What <c>check</c> is called with, where the code does not call it; may be empty.</param>
    /// <exception cref="InvalidDataException">There is no test in the code.</exception>
    internal static TestCode Of(DataRow row, string field, string entryPoint)
    {
        string code = row.NonBlank(field).ReplaceLineEndings("\n");
        bool check = CheckDefinition().IsMatch(code);
        bool unittest = UnittestClass().IsMatch(code);
        bool pytest = PytestDefinition().IsMatch(code) && !MainCall().IsMatch(code);
        if (!check && !unittest && !pytest && !AnyAssert().IsMatch(code))
        {
            throw row.Bad(field, DataRow.Shorten(code), "test code: check(candidate), unittest, pytest or asserts");
        }

        if (check && entryPoint.Length == 0 && row.Optional("entry_point").Length == 0 && !CheckCall().IsMatch(code))
        {
            throw row.Bad("entry_point", "missing", $"the name of what check of {field} is called with");
        }

        var setup = new List<string>();
        if (EvalPlusAssertion().IsMatch(code))
        {
            (string evalPlusSetup, code) = EvalPlusTestCode.Of(code, entryPoint);
            setup.Add(evalPlusSetup);
        }

        code = EvalPlusTestCode.WithRootOnBothSides(code);
        if (SolutionImport().IsMatch(code))
        {
            setup.Add(TestFramework.Solution);
        }

        var after = new List<string>();
        if (check && entryPoint.Length > 0 && !CheckCall().IsMatch(code))
        {
            after.Add($"check({entryPoint})");
        }

        if (unittest)
        {
            setup.Add(TestFramework.Unittest);
            after.Add("__restem_run_unittests__(globals())");
        }

        if (pytest || PytestImport().IsMatch(code))
        {
            setup.Add(TestFramework.Pytest);
        }

        if (pytest)
        {
            after.Add("__restem_run_pytests__(globals())");
        }

        return new TestCode(string.Join("\n\n", setup), after.Count == 0 ? code : $"{code}\n\n{string.Join('\n', after)}\n");
    }

    /// <summary>
    /// Imports of the standard library's modules that asserts use without importing them: otherwise the submission's would be asked.
    /// </summary>
    internal static string ImportsFor(IEnumerable<string> statements)
    {
        string[] modules = [.. statements.SelectMany(statement => ModuleUse().Matches(statement).Select(use => use.Groups[1].Value)).Distinct().Order()];
        return modules.Length == 0 ? "" : $"import {string.Join(", ", modules)}";
    }

    /// <summary>Whether code defines a function or class at its margin.</summary>
    internal static bool Defines(string code, string name) =>
        Definition().Matches(code).Any(match => match.Groups[1].ValueSpan.SequenceEqual(name));

    /// <summary>The names that the code imports from the submission, which it calls <c>solution</c>.</summary>
    internal static IReadOnlyList<string> ImportedNames(string code) =>
    [
        .. ImportedFrom().Matches(code)
            .SelectMany(match => match.Groups[1].Value.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(name => name.Split(' ')[0].Trim())
            .Where(name => name.Length > 0 && name != "*")
            .Distinct(),
    ];

    [GeneratedRegex(@"^(?:async )?(?:def|class)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^(async )?def check\s*\(", RegexOptions.Multiline)]
    private static partial Regex CheckDefinition();

    [GeneratedRegex(@"^check\s*\(", RegexOptions.Multiline)]
    private static partial Regex CheckCall();

    [GeneratedRegex(@"^class\s+\w+\s*\([^)]*TestCase\s*\)", RegexOptions.Multiline)]
    private static partial Regex UnittestClass();

    [GeneratedRegex(@"^(def test\w*\s*\(|class Test\w*\s*(\(\s*(object)?\s*\))?\s*:)", RegexOptions.Multiline)]
    private static partial Regex PytestDefinition();

    // Test functions that the code calls itself, as MultiPL-E writes them.
    [GeneratedRegex(@"^test\w*\s*\(", RegexOptions.Multiline)]
    private static partial Regex MainCall();

    [GeneratedRegex(@"^\s*assert\b", RegexOptions.Multiline)]
    private static partial Regex AnyAssert();

    [GeneratedRegex(@"^def assertion\(out, exp, atol\)", RegexOptions.Multiline)]
    private static partial Regex EvalPlusAssertion();

    [GeneratedRegex(@"^\s*(from solution import|import solution)\b", RegexOptions.Multiline)]
    private static partial Regex SolutionImport();

    [GeneratedRegex(@"^\s*from solution import\s+(\([^)]*\)|[^\n#]+)", RegexOptions.Multiline)]
    private static partial Regex ImportedFrom();

    [GeneratedRegex(@"^\s*(import pytest|from pytest import)\b", RegexOptions.Multiline)]
    private static partial Regex PytestImport();

    [GeneratedRegex(@"(?<![\w.])(math|cmath|re|collections|itertools|functools|datetime(?=\.(?:datetime|date|time|timedelta|timezone)\b)|decimal|fractions|heapq|string|random|copy|operator|statistics|json|os|sys|bisect)\.\w")]
    private static partial Regex ModuleUse();
}
