using ReSTEM.Core;

namespace ReSTEM.Answers;

/// <summary>One judgement: extraction, reading, comparison, and the finding with its evidence.</summary>
internal static class Judgement
{
    /// <summary>The rule of an answer that was not extracted but given.</summary>
    private const string Given = "given";

    /// <summary>The boundary of the verifier: limits become LimitExceeded, our own faults VerifierFailed; nothing else leaves it.</summary>
    internal static Finding Guard(Func<Finding> judge)
    {
        try
        {
            return judge();
        }
        catch (LimitExceededException limit)
        {
            return new Finding
            {
                Verdict = Verdict.LimitExceeded,
                Reason = limit.Reason,
                Evidence = new Dictionary<string, string> { ["limit"] = limit.Message },
            };
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return new Finding
            {
                Verdict = Verdict.VerifierFailed,
                Reason = "internal-error",
                Evidence = new Dictionary<string, string> { ["error"] = $"{fault.GetType().Name}: {fault.Message}" },
            };
        }
    }

    internal static Finding Of(string reference, string completion, AnswerContext context, MathVerifierOptions options)
    {
        var extraction = AnswerExtractor.Find(completion, options.AllowLastNumber);
        if (extraction is not { Text.Length: > 0 })
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "no-answer" };
        }

        if (reference.Contains("\\boxed", StringComparison.Ordinal) || reference.Contains("####", StringComparison.Ordinal))
        {
            reference = AnswerExtractor.Find(reference, false)?.Text ?? "";
        }

        if (extraction.Joined is { } joined)
        {
            var whole = Compared(reference, joined, extraction.Rule, context, options);
            if (whole.Verdict == Verdict.Correct)
            {
                return whole;
            }
        }

        return Compared(reference, extraction.Text, extraction.Rule, context, options);
    }

    internal static Finding OfAnswers(string answer, string other, AnswerContext context, MathVerifierOptions options) =>
        Compared(other, answer, Given, context, options);

    private static Finding Compared(
        string reference, string answer, string rule, AnswerContext context, MathVerifierOptions options)
    {
        var budget = new Budget(options.MaxSteps);
        var evidence = new Dictionary<string, string> { ["rule"] = rule };
        Finding Result(Verdict verdict, string reason, string? key = null) =>
            new() { Verdict = verdict, Reason = reason, Answer = answer, AnswerKey = key, Evidence = evidence };

        if (AnswerReader.Read(answer, budget) is not { } given)
        {
            return Result(Verdict.Unparsable, "unreadable-answer");
        }

        if (AnswerReader.Read(reference, budget) is not { } gold)
        {
            return Result(rule == Given ? Verdict.Unparsable : Verdict.Unsupported, "no-reference");
        }

        var left = Preparation.Prepare(given.Node, budget);
        var right = Preparation.Prepare(gold.Node, budget);
        if (rule != Given && !right.Is(NodeKind.Relation) && NamedValues.Of(left) is { } value)
        {
            left = value; // a completion that says x + y = 5 answers a question for 5; the equation x + y = 5 is another answer
        }

        bool named = right.Is(NodeKind.Relation);
        string? key = AnswerKeys.Of(left, named, budget);
        string? goldKey = AnswerKeys.Of(right, named, budget);
        evidence["reference"] = goldKey ?? reference;
        evidence["answer"] = key ?? answer;
        var outcome = string.Equals(reference, answer, StringComparison.Ordinal)
            ? Comparison.Same("identical")
            : AnswerComparer.Compare(left, right, context, budget);
        evidence["decided-by"] = outcome.Rule;
        if (outcome.IsSame)
        {
            return Result(Verdict.Correct, "equal-" + outcome.Rule, goldKey ?? "=" + reference);
        }

        // Words against words can differ; what could not be read says nothing about an expression.
        return (given.IsFallback && !gold.Node.Is(NodeKind.Text)) || (gold.IsFallback && !given.Node.Is(NodeKind.Text))
            ? Result(Verdict.Unparsable, given.IsFallback ? "unreadable-answer" : "unreadable-reference")
            : Result(Verdict.Incorrect, "differ-" + outcome.Rule, key);
    }
}
