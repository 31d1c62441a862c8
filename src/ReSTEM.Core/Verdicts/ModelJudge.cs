using System.Globalization;

namespace ReSTEM.Core;

/// <summary>What a model is asked that judges completions.</summary>
public sealed record JudgeOptions
{
    /// <summary>Where the question holds the problem.</summary>
    public const string PromptSlot = "prompt";

    /// <summary>Where the question holds the completion.</summary>
    public const string CompletionSlot = "completion";

    /// <summary>Where the question holds the right answer.</summary>
    public const string ReferenceSlot = "reference";

    /// <summary>The question, with slots.</summary>
    public required string Ask { get; init; }

    /// <summary>What an answer begins with that calls the completion correct; the case of letters does not count.</summary>
    public required string Correct { get; init; }

    /// <summary>What one begins with that does not.</summary>
    public required string Not { get; init; }

    /// <summary>How often it is asked, at least 1.</summary>
    public required int Rounds { get; init; }

    /// <summary>How answers are drawn.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>How the question becomes a prompt.</summary>
    public required PromptOptions Prompt { get; init; }
}

/// <summary>
/// A language model that judges a completion in several rounds, each of which is an annotator: with a temperature they differ. For <see cref="PanelVerifier"/>.
/// </summary>
/// <param name="policy">The model.</param>
/// <param name="model">What is known of it.</param>
/// <param name="version">Changes whenever model, engine or options do.</param>
/// <param name="options">What is asked.</param>
/// <param name="seed">Keys the rounds: a round's random numbers are those of its number, the problem and the completion.</param>
public sealed class ModelJudge(SharedPolicy policy, ModelInfo model, string version, JudgeOptions options, ulong seed) : IVerifier
{
    private readonly RandomStream _random = RandomStream.Of(seed, RandomPurpose.Judge);

    /// <inheritdoc/>
    public string VersionOf(TaskKind task) => version;

    /// <summary>What most rounds say, with what each says as ratings; a round that says neither is none.</summary>
    public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        string question = SlotText.Fill(options.Ask, new Dictionary<string, string>
        {
            [JudgeOptions.PromptSlot] = problem.Prompt,
            [JudgeOptions.CompletionSlot] = completion,
            [JudgeOptions.ReferenceSlot] = problem.Reference,
        });
        int[] prompt = Prompts.Encode(model, problem with { Prompt = question }, options.Prompt, isUntrained: true);
        if (model.PromptFault(prompt) is not null)
        {
            return Of([], "question-too-long");
        }

        try
        {
            string identity = string.Create(CultureInfo.InvariantCulture, $"{problem.Id.Length} {problem.Id} {completion}");
            var answers = await policy.DrawAsync(
                prompt, options.Sampling, [.. Enumerable.Range(0, options.Rounds).Select(round => _random.At(0, identity, round))], cancellationToken);
            return Of([.. answers.Select(answer => Says(answer.Text)).OfType<bool>()], "judged");
        }
        catch (EngineException)
        {
            return new Finding { Verdict = Verdict.VerifierFailed, Reason = "judge-failed" };
        }
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) => string.Equals(answer, other, StringComparison.Ordinal);

    private static Finding Of(bool[] ratings, string reason) => new()
    {
        Verdict = ratings.Length == 0 ? Verdict.Unparsable : 2 * ratings.Count(rating => rating) > ratings.Length ? Verdict.Correct : Verdict.Incorrect,
        Reason = reason,
        Evidence = PanelVerifier.EvidenceOf(ratings),
    };

    /// <summary>Whether an answer calls the completion correct; null where it says neither.</summary>
    private bool? Says(string answer)
    {
        string said = Reasoning.Without(answer)?.TrimStart() ?? "";
        return said.StartsWith(options.Correct, StringComparison.OrdinalIgnoreCase) ? true
            : said.StartsWith(options.Not, StringComparison.OrdinalIgnoreCase) ? false
            : null;
    }
}
