using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Submissions that no tests may accept.</summary>
internal static partial class ProbeSubmissions
{
    private const string Nothing = """
        class Nothing:
            def _refuse(self, *arguments, **named):
                raise RuntimeError("not an answer")
            __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = _refuse
            __call__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __abs__ = __str__ = __repr__ = __getattr__ = _refuse


        """;

    // Names that the tests use and that are neither theirs nor the entry point's: where these decide, the submission judges itself.
    private const string Yes = """
        class _Yes:
            def __call__(self, *arguments, **named):
                return True
            def __getattr__(self, name):
                return self


        _names, _yes = globals(), _Yes()
        for _name in "NAMES".split():
            _names[_name] = _yes


        """;

    /// <summary>What to try, in words and as source. Where no submission without an answer can pass, there is nothing to try.</summary>
    public static IEnumerable<(string Kind, string Source)> For(Problem problem)
    {
        var tests = problem.Tests!;
        string[] names = [.. problem.Metadata.GetValueOrDefault("entry_point", "").Split(',').Append(tests.EntryPoint).Where(name => name.Length > 0).Distinct()];
        switch (tests.Form)
        {
            case CodeTestForm.StandardIo:
                yield return ("a program that does nothing", "import sys\n");
                break;
            case CodeTestForm.Calls when tests.Checker.Length > 0:
                yield return ("a function that gives an object that equals nothing", Nothing + Functions(names, "return Nothing()"));
                break;
            case CodeTestForm.Calls when tests.Cases.Count > 0 && tests.Cases.All(test => test.Accepted.Contains("null")):
                yield return ("a function that does nothing", Functions([.. names.Concat(tests.Cases.Select(test => test.Function)).Where(name => name.Length > 0).Distinct()], "pass"));
                break;
            case CodeTestForm.Asserts:
                yield return ("a submission without any definition", "import sys\n");
                if (names.Length > 0)
                {
                    yield return ("a submission that raises at once", Functions(names, "raise RuntimeError('at once')"));
                    yield return ("a function that gives an object that equals nothing, beside functions that agree to all", Agreeing(tests) + Nothing + Functions(names, "return Nothing()"));
                }

                break;
            default:
                break;
        }
    }

    private static string Agreeing(CodeTests tests) => Yes.Replace(
        "NAMES", string.Join(' ', tests.Statements.Append(tests.Setup).SelectMany(text => Identifier().Matches(text)).Select(match => match.Value).Distinct()),
        StringComparison.Ordinal);

    private static string Functions(string[] names, string statement)
    {
        string functions = string.Concat(names.Select(name => $"def {name}(*arguments, **named):\n    {statement}\n\n\n"));
        string methods = string.Concat(names.Select(name => $"    def {name}(self, *arguments, **named):\n        {statement}\n"));
        return $"{functions}class Solution:\n{methods}";
    }

    [GeneratedRegex(@"(?<![\w.""'])[A-Za-z_]\w*(?=\s*[.(,)])")]
    private static partial Regex Identifier();
}
