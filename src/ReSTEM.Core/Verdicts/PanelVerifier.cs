namespace ReSTEM.Core;

/// <summary>
/// Several verifiers of one completion: the finding is that of the run's own, and its evidence says which of them call the completion correct.
/// </summary>
/// <param name="own">Decides.</param>
/// <param name="annotators">Are asked too, at least one.</param>
public sealed class PanelVerifier(IVerifier own, IReadOnlyList<IVerifier> annotators) : IVerifier
{
    /// <summary>Names the evidence: <c>correct</c> or <c>not</c> for each verifier, the run's own first; of a judge for each round that says either.</summary>
    public const string Evidence = "panel";

    private const string Correct = "correct";
    private const string Not = "not";
    private const char Separator = ' ';

    /// <inheritdoc/>
    public string VersionOf(TaskKind task) => string.Join(" beside ", annotators.Prepend(own).Select(verifier => verifier.VersionOf(task)));

    /// <inheritdoc/>
    public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        Finding finding = await own.VerifyAsync(problem, completion, cancellationToken);
        if (finding.Verdict is Verdict.VerifierFailed)
        {
            return finding;
        }

        List<string> said = [Said(finding)];
        foreach (IVerifier annotator in annotators)
        {
            Finding other = await annotator.VerifyAsync(problem, completion, cancellationToken);
            if (other.Verdict is Verdict.VerifierFailed)
            {
                return other; // judged anew with all of them: who failed does not disagree
            }

            said.AddRange(RatingsOf(other) ?? [Said(other)]);
        }

        var evidence = new Dictionary<string, string>(finding.Evidence) { [Evidence] = string.Join(Separator, said) };
        return finding with { Evidence = evidence };
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) => own.SameAnswer(problem, answer, other);

    /// <summary>What the verifiers said of a completion, as ratings; null where one alone judged it.</summary>
    public static IReadOnlyList<string>? RatingsOf(Finding finding) =>
        finding.Evidence.TryGetValue(Evidence, out string? said) ? said.Split(Separator, StringSplitOptions.RemoveEmptyEntries) : null;

    /// <summary>The evidence of a verifier that is several annotators itself.</summary>
    /// <param name="ratings">Whether each calls the completion correct; those that do not say are not among them.</param>
    internal static IReadOnlyDictionary<string, string> EvidenceOf(IEnumerable<bool> ratings) =>
        new Dictionary<string, string> { [Evidence] = string.Join(Separator, ratings.Select(rating => rating ? Correct : Not)) };

    private static string Said(Finding finding) => finding.Verdict is Verdict.Correct ? Correct : Not;
}
