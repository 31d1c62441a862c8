using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Draws arithmetic problems. Grammar:
/// <code>
/// prompt = "((" chain ") " op " (" chain ")) =" | chain " ="
/// chain  = operand { " " op " " operand }
/// operand = -9 .. 9,  op = "+" | "-" | "*"
/// </code>
/// </summary>
/// <remarks>
/// Operators are uniform within a chain; between two groups * comes in 20 %, + and - in 40 % each. Solution: left to right, each product
/// worked out when it is reached, first group, second group, then their combination.
/// </remarks>
internal static class ArithmeticGenerator
{
    private const int LargestOperand = 9;
    private const double TopProductShare = 0.2;

    private static readonly char[] Operators = ['+', '-', '*'];

    /// <summary>Operands per group; a single number is a bare chain. Shapes are drawn with equal chance, so one written twice counts twice.</summary>
    private static readonly int[][] EasyShapes = [[2], [3], [2, 2]];
    private static readonly int[][] TargetShapes = [[2, 2], [2, 2], [2, 2], [2, 2], [3, 2], [3, 2], [2, 3], [2, 3], [3], [4]];
    private static readonly int[][] LongShapes = [[3, 3], [3, 4], [4, 3], [4, 4]];

    internal static GeneratedMath Draw(RandomSequence random, ProblemLevel level)
    {
        int[] shape = random.Pick(level switch
        {
            ProblemLevel.Easy => EasyShapes,
            ProblemLevel.Target => TargetShapes,
            _ => LongShapes,
        });
        WrittenSteps steps = new();
        (string first, StepOperand firstResult) = DrawChain(random, shape[0], steps);
        if (shape.Length == 1)
        {
            return new GeneratedMath($"{first} =", steps, Describe(shape));
        }

        (string second, StepOperand secondResult) = DrawChain(random, shape[1], steps);
        char top = random.Chance(TopProductShare) ? '*' : random.Pick(Operators[..2]);
        steps.Add(firstResult, top, secondResult);
        return new GeneratedMath($"(({first}) {top} ({second})) =", steps, Describe(shape));
    }

    private static (string Text, StepOperand Result) DrawChain(RandomSequence random, int length, WrittenSteps steps)
    {
        int[] operands = new int[length];
        char[] operators = new char[length - 1];
        for (int i = 0; i < length; i++)
        {
            operands[i] = random.Between(-LargestOperand, LargestOperand);
            if (i > 0)
            {
                operators[i - 1] = random.Pick(Operators);
            }
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{operands[0]}");
        for (int i = 1; i < length; i++)
        {
            text += string.Create(CultureInfo.InvariantCulture, $" {operators[i - 1]} {operands[i]}");
        }

        return (text, AddChain(operands, operators, steps));
    }

    private static StepOperand AddChain(int[] operands, char[] operators, WrittenSteps steps)
    {
        int at = 0;
        StepOperand total = AddProduct();
        while (at < operators.Length)
        {
            char symbol = operators[at++];
            total = steps.Add(total, symbol, AddProduct());
        }

        return total;

        StepOperand AddProduct()
        {
            StepOperand product = StepOperand.Of(operands[at]);
            while (at < operators.Length && operators[at] == '*')
            {
                at++;
                product = steps.Add(product, '*', StepOperand.Of(operands[at]));
            }

            return product;
        }
    }

    private static string Describe(int[] shape) => string.Join('+', shape);
}
