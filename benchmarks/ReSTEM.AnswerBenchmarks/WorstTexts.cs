using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.AnswerBenchmarks;

/// <summary>Short texts repeated: as an answer up to its longest length, and as a whole completion. Each judgement must stay below 50 ms.</summary>
internal static class WorstTexts
{
    /// <summary>Longest answer and completion in characters.</summary>
    private const int AnswerLength = 20_000;
    private const int CompletionLength = 100_000;

    internal static readonly string[] Answers =
    [
        "3rd ", "0b10 ", "0x1F ", "a ", "a b c ", "5 m ", "5 cm ", "5 apples ", "five ", "one hundred ", "half of ", "twice ", "x=1, ", "x<1, ", "(", "[", "{", "|", "||x", "\\frac", "\\frac1",
        "\\sqrt", "\\sqrt2", "\\sqrt{2}", "2^", "x^2", "x^", "-", "+", "\\pm ", "\\pm 1,", "1/", "1:", "1!", "!", "1.", "1,", "1,000,", "1;", "5%", "5\\% ", "5^\\circ ", "\\text{a} ", "\\text{5}", "\\text{ and } 5 ",
        "\\text{cm}", "3:45 ", "March 5, ", "2020-03-05 ", "Monday ", "no solution ", "\\cup (1,2)", "(1,2) \\cup ", "\\{1\\},", "\\sin ", "\\sin x ", "\\log_2 ", "\\ln 2 ", "f(", "f(x)", "x_1 ", "x_{1}", "1_2 ",
        "\\pmod 7 ", "\\equiv 3 ", "mod 7 ", "\\binom{5}{2}", "5C2 ", "i", "e^", "\\pi ", "\\infty ", "\\int ", "\\sum_{k=1}^{9} k", "|x|", "\\lfloor x ", "\\begin{cases}", "\\begin{pmatrix}1", "\\\\ ", "& ", "\\left(",
        "\\dots ", "1,\\dots,", "...", "五", "5万", "或", "²", "½", "√", "°", "5' ", "\\cdot ", "\\times 10^3", "e5", "1e5 ", "x y ", "xy", "\\mathrm{d}", "\\overline{3}", "0.(3)", "\\in ", "\\forall x ", "$", "\\(", "\\,", "~", "\n",
        "2(", "(x+1)", "(x+1)(", "a/b ", "a/", "ab^2", "x'", "1 or ", "1 and ", "1 to ", "1 out of ", "in ", "of ", "million ", "dozen ", "not ", "A, ", "(A) ", "\\text{(B)} ", "**", "[[1,", "Rational(1,2)*", "sqrt(2)*", "==", "= ", "< ", "\\ne ",
    ];

    private static readonly string[] Completions =
    [
        "the answer is ", "the answer is 5 ", "The answer is 5. ", "The answer is not 5. ", "Answer: ", "Answer: 5\n", "#### ", "#### 5\n", "\\boxed{5} ", "\\boxed{5}, ", "\\boxed{", "\\boxed{5", "\\boxed ", "\\fbox{5}\n", "half of \\boxed{5} ",
        "\\boxed{5} million ", "$\\boxed{5}$ cm ", "$x=\\boxed{5}$ or ", "<answer>5</answer>", "<answer>", "</answer>", "<think>", "</think>", "<think>5</think>", "◁think▷", "```", "```\n", "```python\n", "$$", "$$x=5$$\n", "\\[ x = 5 \\]\n",
        "\\[", "\\begin{align}", "**", "**5** ", "_5_ ", "`5` ", "> ", "- ", "# ", "5 ", "5. ", "5, ", "x = 5. ", "So x = 5. ", "Thus ", "Therefore, ", "wait ", "no, ", "Hmm, ", "actually ", "is ", "is the answer ", "option ", "option B ", "(A) 5 ", "A. 5\n",
        "yes, ", "Yes. ", "No ", "?", ". ", " ", "\n", "\t", "a", "a ", "(", "{", "}", "\\", "\\\\", "$", "\\text{", "=", "1=", "+", "if the answer is ", "might say ", "not ", "n't ", "or ", "maybe 5 or ", "答案是", "答案：5。", "，", "<b>", "</b>", "&nbsp;", "\\%", "\\$5 ",
        "Question: ", "Final Answer: ", "The final answer is $5$. I hope it is correct.\n", "(b) ", "Case 1: \\boxed{5}\n", "<|im_end|>", "</s>",
    ];

    internal static void Report()
    {
        var verifier = new MathVerifier();
        double slowest = 0;
        foreach (string text in Answers)
        {
            slowest = Math.Max(slowest, Slowest($"answer of {text.ReplaceLineEndings("\\n")}", text, AnswerLength, all => verifier.Compare(all, "5").Reason));
            slowest = Math.Max(slowest, Slowest($"answer ending {text.ReplaceLineEndings("\\n")}", text, AnswerLength, all => verifier.Compare(all + "5", "x+1").Reason));
        }

        var problem = new Problem { Id = "worst", Task = TaskKind.Math, Prompt = "Find x.", Reference = "5" };
        string Judge(string completion) => verifier.VerifyAsync(problem, completion, CancellationToken.None).AsTask().GetAwaiter().GetResult().Reason;
        foreach (string text in Completions.Concat(Answers))
        {
            slowest = Math.Max(slowest, Slowest($"completion of {text.ReplaceLineEndings("\\n")}", text, CompletionLength, Judge));
            slowest = Math.Max(slowest, Slowest($"box after {text.ReplaceLineEndings("\\n")}", text, CompletionLength, all => Judge(all + " \\boxed{6} is it.")));
            slowest = Math.Max(slowest, Slowest($"box before {text.ReplaceLineEndings("\\n")}", text, CompletionLength, all => Judge("It is \\boxed{6} " + all)));
        }

        Console.WriteLine($"slowest text {slowest:F2} ms");
    }

    /// <summary>The most milliseconds that growing repetitions of a text take; those over a tenth of the bound are printed.</summary>
    private static double Slowest(string name, string text, int longest, Func<string, string> judge)
    {
        double most = 0;
        string at = "";
        Console.Error.Write($"\r{name}          ");
        for (int length = longest; length > 100; length /= 3)
        {
            string all = string.Concat(Enumerable.Repeat(text, Math.Max(1, length / text.Length)));
            var (least, reason) = CpuTime.Least(() => judge(all), 5);
            if (least > most)
            {
                (most, at) = (least, $"length {all.Length}: {reason}");
            }
        }

        if (most > 5)
        {
            Console.WriteLine($"{most,8:F2} ms  {name}, {at}");
        }

        return most;
    }
}
