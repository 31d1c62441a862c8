using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A row of GSM8K: the reference is what follows the last <c>####</c>; the solution is the whole answer field.</summary>
/// <remarks>Cobbe et al. 2021, arXiv:2110.14168.</remarks>
internal static partial class Gsm8kReader
{
    private const string AnswerMark = "####";

    internal static Problem Read(DataRow row, bool removeCalculatorMarks)
    {
        string answer = row.NonBlank("answer");
        int mark = answer.LastIndexOf(AnswerMark, StringComparison.Ordinal);
        if (mark < 0)
        {
            throw row.Bad("answer", "without '####'", "the final answer after '####'");
        }

        return new Problem
        {
            Id = $"gsm8k/{row.Stem}/{row.Index}",
            Task = TaskKind.Math,
            Prompt = row.Text("question"),
            Reference = answer[(mark + AnswerMark.Length)..].Trim(),
            Solution = removeCalculatorMarks ? CalculatorMark().Replace(answer, "") : answer,
        };
    }

    [GeneratedRegex("<<[^<>\n]*>>", RegexOptions.CultureInvariant)]
    private static partial Regex CalculatorMark();
}
