namespace ReSTEM.Core;

/// <summary>The tests of a code problem, in the form in which its data set publishes them. The language is Python 3.</summary>
/// <remarks>
/// Nothing of <see cref="Setup"/>, <see cref="Statements"/>, <see cref="Checker"/>, <see cref="Reference"/> or
/// <see cref="CodeCase.Accepted"/> is ever given to the process that runs the submission.
/// </remarks>
public sealed record CodeTests
{
    /// <summary>How the tests talk to the submission.</summary>
    public required CodeTestForm Form { get; init; }

    /// <summary>
    /// The function, or method of a class <c>Solution</c>, under test. Needed for <see cref="CodeTestForm.Calls"/>
    /// and <see cref="CodeTestForm.Reference"/>;
    /// for <see cref="CodeTestForm.Asserts"/> it may be empty when the test code names what it calls.
    /// </summary>
    public string EntryPoint { get; init; } = "";

    /// <summary>Source put before every submission: the prompt of HumanEval, the usual imports of LeetCode.</summary>
    public string Preamble { get; init; } = "";

    /// <summary>Whether a completion may go on in the middle of <see cref="Preamble"/>, as an indented function body (HumanEval).</summary>
    public bool CompletionContinuesPreamble { get; init; }

    /// <summary>The head of a function that the prompt ends in, where a completion may be its body alone (APPS with <c>starter_code</c>); may be empty.</summary>
    public string Starter { get; init; } = "";

    /// <summary>Which repairs a completion may need to become a program; docs/programs.md has the rule of each.</summary>
    public CodeRepairs Repairs { get; init; } = CodeRepairs.All;

    /// <summary>The data set's own code that the <see cref="Statements"/> rely on.</summary>
    public string Setup { get; init; } = "";

    /// <summary>
    /// For <see cref="CodeTestForm.Asserts"/> and <see cref="CodeTestForm.Reference"/>: pieces of test code, run in order; the first
    /// failing assert decides.
    /// </summary>
    public IReadOnlyList<string> Statements { get; init; } = [];

    /// <summary>For the other forms: the inputs and their accepted outputs.</summary>
    public IReadOnlyList<CodeCase> Cases { get; init; } = [];

    /// <summary>For the other forms: how an output is compared.</summary>
    public OutputRule Output { get; init; } = new();

    /// <summary>
    /// For the other forms: Python source of <c>check(input, expected, output)</c>, true when the output is right; replaces the
    /// comparison. It gets texts for <see cref="CodeTestForm.StandardIo"/> and values for <see cref="CodeTestForm.Calls"/>.
    /// </summary>
    public string Checker { get; init; } = "";

    /// <summary>For <see cref="CodeTestForm.Reference"/>: where the expected results come from; null for the other forms.</summary>
    public ReferenceSolution? Reference { get; init; }

    /// <summary>
    /// Whether the problem is only used when its own solution passes: for test code that may ask for more than can be had across two
    /// processes, or for packages that are not there.
    /// </summary>
    public bool SolutionMustPass { get; init; }
}
