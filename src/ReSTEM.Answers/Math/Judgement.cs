using ReSTEM.Core;

namespace ReSTEM.Answers;

/// <summary>One judgement: extraction, reading, comparison, and the finding with its evidence.</summary>
internal static class Judgement
{
    /// <summary>The rule of an answer that was not extracted but given.</summary>
    private const string Given = "given";

    /// <summary>Most steps of a comparison of two claims of one completion.</summary>
    private const long SameSteps = 20_000;

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

    /// <summary>Judges a completion of a problem.</summary>
    internal static Finding Of(Problem problem, string completion, AnswerContext context, MathVerifierOptions options)
    {
        if (Reasoning.Without(completion) is not { } visible)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "unclosed-reasoning" };
        }

        bool Same(string answer, string other) => AreSame(answer, other, context);
        string reference = References.Of(problem.Reference, problem.Prompt, Same);
        var extraction = AnswerExtractor.Find(visible, problem.Prompt, options.AllowLastNumber, Same);
        if (extraction is null)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "no-answer" };
        }

        if (ChoiceLabels.Judge(reference, extraction.Text, problem.Prompt, Same) is { } sameChoice && extraction.IsSingle)
        {
            return OfChoice(sameChoice, extraction);
        }

        if (extraction.IsSingle)
        {
            return Compared(reference, extraction.Text, extraction.Rule, context, options);
        }

        string? whole = References.Completed(reference, problem, Same);
        var list = extraction.Text.Length == 0 ? null : Compared(whole ?? reference, extraction.Text, extraction.Rule, context, options);
        return list is { Verdict: Verdict.Correct } || (list is not null && IsCollection(reference)) ? list
            : new Finding { Verdict = Verdict.Unparsable, Reason = "no-single-answer", Answer = extraction.Text, Evidence = Rule(extraction.Rule) };
    }

    private static Dictionary<string, string> Rule(string rule) => new() { ["rule"] = rule };

    private static Finding OfChoice(bool same, Extraction extraction) => new()
    {
        Verdict = same ? Verdict.Correct : Verdict.Incorrect,
        Reason = same ? "equal-choice" : "differ-choice",
        Answer = extraction.Text,
        Evidence = Rule(extraction.Rule),
    };

    /// <summary>Whether two claims of one completion are the same; what cannot be compared cheaply is not.</summary>
    private static bool AreSame(string answer, string other, AnswerContext context) =>
        string.Equals(answer, other, StringComparison.Ordinal)
        || Guard(() => Compared(other, answer, Given, context, new MathVerifierOptions { MaxSteps = SameSteps })).Verdict == Verdict.Correct;

    private static bool IsCollection(string reference) =>
        AnswerReader.Read(reference, new Budget(SameSteps)) is var (node, _) && node.Kind is NodeKind.List or NodeKind.Set;

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
        if (rule is not (Given or "math-at-end" or "statement") && !right.Is(NodeKind.Relation) && !Solutions.AreNamed(right) && NamedValues.Of(left) is { } value)
        {
            left = value; // a completion that says x + y = 5 answers a question for 5; the equation x + y = 5 is another answer
        }

        left = IntegrationConstant.Named(left, right, context, budget);
        bool named = right.Is(NodeKind.Relation);
        string? key = AnswerKeys.Of(left, named, budget);
        string? goldKey = AnswerKeys.Of(right, named, budget);
        evidence["reference"] = goldKey ?? reference;
        evidence["answer"] = key ?? answer;
        var outcome = string.Equals(reference, answer, StringComparison.Ordinal)
            ? Comparison.Same("identical")
            : AnswerComparer.Compare(left, right, context, budget);
        if (!outcome.IsSame && Parameters.Compare(answer, reference, context, budget) is { IsSame: true } renamed)
        {
            outcome = renamed;
        }

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
