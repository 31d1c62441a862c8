using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// A submission that does more than solve its problem, f(x) = 2 x. ANSWER stands for a right or a wrong expression;
/// a source that does not define f gets the plain definition after it.
/// </summary>
/// <param name="Name">What it tries.</param>
/// <param name="Source">The program.</param>
/// <param name="Survives">Whether the mischief is refused so quietly that the right answer must still pass.</param>
public sealed record Attack(string Name, string Source, bool Survives = true)
{
    /// <summary>Those that it is tried under.</summary>
    internal SandboxLimits Limits { get; init; } = TestLimits.Ending;

    /// <summary>The program with the right or with a wrong answer.</summary>
    public string With(bool right)
    {
        string source = Source.Contains("def f(", StringComparison.Ordinal) ? Source : Source + "\ndef f(x):\n    return ANSWER\n";
        return source.Replace("ANSWER", right ? "2 * x" : "2 * x + 1", StringComparison.Ordinal);
    }

    /// <summary>Mischief at the start, its refusal swallowed.</summary>
    public static Attack Trying(string name, string statements) => new(
        name, "try:\n" + string.Join('\n', statements.Split('\n').Select(line => "    " + line)) + "\nexcept BaseException:\n    pass\n");
}
