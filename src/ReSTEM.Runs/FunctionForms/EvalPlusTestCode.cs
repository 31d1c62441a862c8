using System.Text.RegularExpressions;

namespace ReSTEM.Runs;

/// <summary>
/// The test code of EvalPlus's sets as Hugging Face has them: inputs, results or the reference itself, and <c>assertion</c>. Two things are
/// as EvalPlus has them and its generated code does not: every call gets arguments of its own, so that a submission that changes them
/// changes nothing that the reference is asked afterwards, and a root of a polynomial (HumanEval/32) is one to both sides of 0.
/// </summary>
internal static partial class EvalPlusTestCode
{
    /// <summary>What goes before, and the code.</summary>
    internal static (string Setup, string Code) Of(string code, string entryPoint)
    {
        string function = entryPoint.Length > 0 ? $"(?:candidate|{Regex.Escape(entryPoint)})" : "candidate";
        string own = Regex.Replace(code, $@"\b({function})\(\*inp\)", "$1(*__import__('copy').deepcopy(inp))");
        return (TestFramework.Numpy, own);
    }

    /// <summary>The code of HumanEval/32, which has no <c>assertion</c>: its published forms give the polynomial the wrong way round, or one side.</summary>
    internal static string WithRootOnBothSides(string code) => RootAssert().Replace(
        code, "assert abs(_poly(*inp, candidate(*__import__('copy').deepcopy(inp)))) <= $1");

    [GeneratedRegex(@"assert _poly\(\*(?:candidate\(\*inp\), inp|inp, candidate\(\*inp\))\) <= (\S+)")]
    private static partial Regex RootAssert();
}
