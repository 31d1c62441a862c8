using System.Text;
using ReSTEM.Core;

namespace ReSTEM.IntegrationTests;

/// <summary>Ways to break a reference solution, so that by their making none is right on all tests.</summary>
public enum Breaking
{
    /// <summary>Gives the same text for every input.</summary>
    Constant,

    /// <summary>Gives what is next to the right answer.</summary>
    OffByOne,

    /// <summary>Raises <c>ValueError</c>; a program does so after it has printed the right answer.</summary>
    Raises,

    /// <summary>Loops for ever; a program does so after it has printed the right answer.</summary>
    Loops,
}

/// <summary>Writes reference solutions that are broken by rule.</summary>
internal static class BrokenSolutions
{
    // Next to a number is the one after it, and for a float the one a tenth away where that is further: the tests' own tolerances
    // allow a difference of one between large ones. Of a list every element is replaced, as a list in one more list is accepted
    // by APPS, and one element of many may not count where tests compare sets.
    private const string OffBy = """

        def __off(r):
            if type(r) is bool: return not r
            if type(r) is int: return r + 1
            if type(r) is float: return r + max(1.0, abs(r) / 10) if r - r == 0 else 0.0
            if type(r) is str: return r + 'x'
            if type(r) in (list, tuple): return type(r)([__off(x) for x in r] or [0])
            if type(r) is dict: return {k: __off(v) for k, v in r.items()} or {0: 0}
            return [r]

        """;

    private const string OfFunction = """

        def __broken(right):
            def broken(*a, **k):
                {0}
            return broken
        __owner = globals().get('Solution')
        if isinstance(__owner, type) and hasattr(__owner, '{1}'):
            __owner.{1} = __broken(__owner.{1})
        else:
            {1} = __broken({1})

        """;

    private const string OfProgram = """
        import base64, io, sys
        __source = base64.b64decode('{1}')
        __out, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), 'utf-8', write_through=True)
        try: __source = compile(__source, 'reference', 'exec')
        except SyntaxError: # a return outside of any function
            __source = 'def main():\n ' + __source.decode().replace('\n', '\n ') + '\nmain()'
        try: exec(__source, {'__name__': '__main__'})
        except SystemExit: pass
        right, sys.stdout = sys.stdout.buffer.getvalue().decode(), __out
        def __word(w):
            try: return str(__off(int(w)))
            except ValueError: pass
            try: return repr(__off(float(w)))
            except ValueError: return __off(w)
        {0}
        """;

    /// <summary>A problem's own solution, broken.</summary>
    public static string Of(Problem problem, Breaking rule) => Of(problem, problem.Solution, rule);

    /// <summary>Any right solution of a problem, broken.</summary>
    public static string Of(Problem problem, string solution, Breaking rule)
    {
        if (problem.Tests!.Form is CodeTestForm.StandardIo)
        {
            return OffBy + Fill(OfProgram, InProgram(rule), Convert.ToBase64String(Encoding.UTF8.GetBytes(solution)));
        }

        string name = problem.Tests.EntryPoint.Length > 0 ? problem.Tests.EntryPoint : problem.Metadata["entry_point"];
        string preamble = problem.Tests.CompletionContinuesPreamble ? problem.Tests.Preamble : "";
        return preamble + solution + OffBy + Fill(OfFunction, InFunction(rule), name);
    }

    private static string InFunction(Breaking rule) => rule switch
    {
        Breaking.Constant => "return 'a constant that nothing expects'",
        Breaking.OffByOne => "return __off(right(*a, **k))",
        Breaking.Raises => "raise ValueError('broken')",
        _ => "while True: pass",
    };

    private static string InProgram(Breaking rule) => rule switch
    {
        Breaking.Constant => "print('a constant that nothing expects')",
        Breaking.OffByOne => "print('\\n'.join(' '.join(map(__word, line.split())) for line in right.splitlines()))",
        Breaking.Raises => "print(right)\nraise ValueError('broken')",
        _ => "print(right, flush=True)\nwhile True: pass",
    };

    private static string Fill(string pattern, string statement, string name) =>
        pattern.Replace("{0}", statement, StringComparison.Ordinal).Replace("{1}", name, StringComparison.Ordinal);
}
