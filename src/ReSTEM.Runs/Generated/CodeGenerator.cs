using System.Globalization;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A generated function: what is asked for, and how it is tested.</summary>
/// <param name="Type">Of its argument.</param>
/// <param name="Steps">What it must do, in order.</param>
/// <param name="Inputs">The hidden inputs.</param>
internal sealed record GeneratedCode(CodeType Type, IReadOnlyList<CodeStep> Steps, IReadOnlyList<object> Inputs)
{
    internal string Prompt => $"# {Type.ToString().ToLowerInvariant()}: {string.Join(", then ", Steps.Select(step => step.Phrase))}";

    /// <summary>A Python function: a line per step, the last one returned.</summary>
    internal static string Write(IReadOnlyList<CodeStep> steps)
    {
        string last = steps.Count == 0 ? "x" : steps[^1].Expression;
        return $"def f(x):\n{string.Concat(steps.SkipLast(1).Select(step => $"    x = {step.Expression}\n"))}    return {last}";
    }

    /// <summary>What a function of these steps gives for each input, as JSON; null where it would raise an error.</summary>
    internal IReadOnlyList<string?> Outputs(IReadOnlyList<CodeStep> steps) => [.. Inputs.Select(input =>
    {
        object? value = input;
        foreach (CodeStep step in steps)
        {
            value = value is null ? null : step.Apply(value);
        }

        return value is null ? null : Json(value);
    })];

    internal static string Json(object value) => value switch
    {
        long[] list => $"[{string.Join(", ", list.Select(item => item.ToString(CultureInfo.InvariantCulture)))}]",
        string text => JsonSerializer.Serialize(text),
        _ => ((long)value).ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>
/// Draws functions to write. Grammar:
/// <code>
/// prompt = "# " type ": " step { ", then " step },  type = "number" | "list" | "text"
/// </code>
/// </summary>
/// <remarks>
/// Steps are those of <see cref="CodePrimitives"/>; a function of a list or text ends in a number in half of the cases. There are 6 to 8
/// hidden inputs; half of the lists and texts are longer than any constant, or a wrong slice would pass.
/// </remarks>
internal static class CodeGenerator
{
    private const int SmallestConstant = 2;
    private const int LargestConstant = 9;
    private const long LargestValue = 1_000_000_000;
    private const int LongestText = 100;
    private const string Letters = "abcdeimnorst";

    internal static GeneratedCode Draw(RandomSequence random, ProblemLevel level)
    {
        while (true)
        {
            CodeType type = (CodeType)random.Below(3);
            int count = level == ProblemLevel.Easy ? random.Between(1, 2) : random.Between(2, 4);
            bool endsInNumber = type != CodeType.Number && random.Chance(0.5);
            List<CodeStep> steps = [];
            for (int i = 0; i < count; i++)
            {
                steps.Add(DrawStep(random, Among(type, endsInNumber && i == count - 1)));
            }

            int inputCount = random.Between(6, 8);
            object[] inputs = [.. Enumerable.Range(0, inputCount).Select(i => DrawInput(random, type, isLong: i % 2 == 0))];
            GeneratedCode code = new(type, steps, inputs);
            if (IsSound(code))
            {
                return code;
            }
        }
    }

    /// <summary>
    /// The function with one bug: a step left out, two steps exchanged, another constant or another step. Some hidden input shows it.
    /// </summary>
    internal static string WriteWithBug(GeneratedCode code, RandomSequence random)
    {
        IReadOnlyList<string?> right = code.Outputs(code.Steps);
        while (true)
        {
            List<CodeStep> steps = [.. code.Steps];
            int at = random.Below(steps.Count);
            bool isEnd = CodePrimitives.ListEnds.Contains(steps[at].Primitive) || CodePrimitives.TextEnds.Contains(steps[at].Primitive);
            switch (random.Below(4))
            {
                case 0:
                    steps.RemoveAt(at);
                    break;
                case 1 when at > 0 && !isEnd:
                    (steps[at], steps[at - 1]) = (steps[at - 1], steps[at]);
                    break;
                case 2 when steps[at].Primitive.HasNumber:
                    int k = steps[at].Arguments.K + (random.Chance(0.5) ? 1 : -1);
                    steps[at] = steps[at] with { Arguments = steps[at].Arguments with { K = k } };
                    break;
                case 3:
                    steps[at] = DrawStep(random, Among(code.Type, isEnd));
                    break;
                default:
                    continue;
            }

            if (!code.Outputs(steps).SequenceEqual(right))
            {
                return GeneratedCode.Write(steps);
            }
        }
    }

    private static IReadOnlyList<CodePrimitive> Among(CodeType type, bool isEnd) => type switch
    {
        CodeType.Number => CodePrimitives.Numbers,
        CodeType.List => isEnd ? CodePrimitives.ListEnds : CodePrimitives.Lists,
        _ => isEnd ? CodePrimitives.TextEnds : CodePrimitives.Texts,
    };

    private static CodeStep DrawStep(RandomSequence random, IReadOnlyList<CodePrimitive> among)
    {
        CodePrimitive primitive = random.Pick(among);
        int k = random.Between(SmallestConstant, LargestConstant);
        int c = random.Below(Letters.Length);
        int d = (c + 1 + random.Below(Letters.Length - 1)) % Letters.Length;
        return new CodeStep(primitive, new CodeArguments(k, Letters[c], Letters[d]));
    }

    private static object DrawInput(RandomSequence random, CodeType type, bool isLong)
    {
        if (type == CodeType.Number)
        {
            return (long)random.Between(isLong ? -50 : -10, isLong ? 50 : 10);
        }

        int length = isLong ? random.Between(LargestConstant + 1, 14) : random.Between(3, LargestConstant);
        return type == CodeType.List
            ? Enumerable.Range(0, length).Select(_ => (long)random.Between(-12, 20)).ToArray()
            : string.Concat(Enumerable.Range(0, length).Select(_ => DrawLetter(random)));
    }

    private static char DrawLetter(RandomSequence random)
    {
        char letter = Letters[random.Below(Letters.Length)];
        return random.Chance(0.25) ? char.ToUpperInvariant(letter) : letter;
    }

    /// <summary>No error on any input, no huge value, and more than one output, so that a constant does not pass.</summary>
    private static bool IsSound(GeneratedCode code)
    {
        foreach (object input in code.Inputs)
        {
            object value = input;
            foreach (CodeStep step in code.Steps)
            {
                if (step.Apply(value) is not { } next || IsHuge(next))
                {
                    return false;
                }

                value = next;
            }
        }

        return code.Outputs(code.Steps).Distinct().Count() > 1;
    }

    private static bool IsHuge(object value) => value switch
    {
        long number => Math.Abs(number) > LargestValue,
        long[] list => list.Any(item => Math.Abs(item) > LargestValue),
        _ => ((string)value).Length > LongestText,
    };
}
