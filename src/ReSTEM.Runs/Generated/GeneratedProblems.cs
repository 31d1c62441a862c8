using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>What the generator draws, beyond kind, split, count and seed.</summary>
public sealed record GeneratorOptions
{
    /// <summary>How hard.</summary>
    public ProblemLevel Level { get; init; } = ProblemLevel.Target;

    /// <summary>Share of arithmetic problems with 6 to 8 operands, in [0, 1]; a small base model solves almost none of them.</summary>
    public double LongArithmetic { get; init; }
}

/// <summary>The quickstart's problems, made from a seed. Prompts of different splits never agree, whatever seeds and counts.</summary>
public static class GeneratedProblems
{
    private const int MostAttempts = 10_000;

    /// <summary>Draws problems with distinct prompts. A larger count from the same seed begins with the same problems.</summary>
    /// <param name="kinds">Drawn with equal chance.</param>
    /// <param name="split">The split they belong to.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of the generator.</param>
    /// <param name="options">How hard.</param>
    /// <returns>Problems with reference or tests, the right written solution, and kind, shape, level and step count as metadata.</returns>
    /// <exception cref="ArgumentException">No kind, or a count that is not positive.</exception>
    /// <exception cref="InvalidDataException">There are not so many different prompts.</exception>
    public static IReadOnlyList<Problem> Create(
        IReadOnlyList<GeneratedKind> kinds, ProblemSplit split, int count, ulong seed, GeneratorOptions options) =>
        Create(kinds, split, count, seed, options, (_, _) => { });

    /// <summary>The same, told after each problem how many of how many are made.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    /// <exception cref="InvalidDataException">As above.</exception>
    public static IReadOnlyList<Problem> Create(
        IReadOnlyList<GeneratedKind> kinds, ProblemSplit split, int count, ulong seed, GeneratorOptions options, Action<long, long> made)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (kinds.Count == 0)
        {
            throw new ArgumentException("kinds is empty, expected at least one kind.", nameof(kinds));
        }

        RandomStream stream = RandomStream.Of(seed, RandomPurpose.Problems);
        HashSet<string> prompts = [];
        List<Problem> problems = new(count);
        for (int index = 0; index < count; index++)
        {
            made(index, count);
            Problem? problem = null;
            string place = string.Create(CultureInfo.InvariantCulture, $"{split}/{index}");
            for (int attempt = 0; problem is null || SplitRule.Of(problem.Prompt) != split || !prompts.Add(problem.Prompt); attempt++)
            {
                if (attempt == MostAttempts)
                {
                    throw new InvalidDataException(
                        $"count is {count}, expected at most {index}: there seem to be no more different {string.Join(", ", kinds)} problems.");
                }

                RandomSequence random = stream.At(0, place, attempt).Sequence();
                problem = Draw(random, random.Pick(kinds), options);
            }

            string kind = problem.Metadata["kind"];
            problems.Add(problem with
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{kind}/{split.ToString().ToLowerInvariant()}/{seed}/{index}"),
            });
        }

        return problems;
    }

    /// <summary>Whether a prompt belongs to a split.</summary>
    public static bool Belongs(string prompt, ProblemSplit split) => SplitRule.Of(prompt) == split;

    private static Problem Draw(RandomSequence random, GeneratedKind kind, GeneratorOptions options)
    {
        if (kind == GeneratedKind.Code)
        {
            return ToProblem(CodeGenerator.Draw(random, options.Level), options.Level);
        }

        bool isLong = kind == GeneratedKind.Arithmetic && random.Chance(options.LongArithmetic);
        ProblemLevel level = isLong ? ProblemLevel.Long : options.Level;
        GeneratedMath math = kind == GeneratedKind.Word ? WordGenerator.Draw(random, level) : ArithmeticGenerator.Draw(random, level);
        return new Problem
        {
            Id = "",
            Task = TaskKind.Math,
            Prompt = math.Prompt,
            Reference = math.Steps.Answer.ToString(CultureInfo.InvariantCulture),
            Solution = math.Steps.Careful(),
            Metadata = Describe(kind, math.Shape, level, math.Steps.Count),
        };
    }

    private static Problem ToProblem(GeneratedCode code, ProblemLevel level) => new()
    {
        Id = "",
        Task = TaskKind.Code,
        Prompt = code.Prompt,
        Solution = GeneratedCode.Write(code.Steps),
        Tests = new CodeTests
        {
            Form = CodeTestForm.Calls,
            EntryPoint = "f",
            Cases = [.. code.Inputs.Zip(code.Outputs(code.Steps), (input, output) => new CodeCase($"[{GeneratedCode.Json(input)}]", [output!]))],
            Output = new OutputRule { TypesMatter = true },
        },
        Metadata = Describe(GeneratedKind.Code, code.Type.ToString().ToLowerInvariant(), level, code.Steps.Count),
    };

    private static Dictionary<string, string> Describe(GeneratedKind kind, string shape, ProblemLevel level, int steps) => new()
    {
        ["kind"] = kind.ToString().ToLowerInvariant(),
        ["shape"] = shape,
        ["level"] = level.ToString().ToLowerInvariant(),
        ["steps"] = steps.ToString(CultureInfo.InvariantCulture),
    };
}
