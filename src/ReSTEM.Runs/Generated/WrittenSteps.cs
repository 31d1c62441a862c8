using System.Globalization;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>One side of a step: a number of the problem, or the result of an earlier step.</summary>
/// <param name="Number">Used when <paramref name="Step"/> is -1.</param>
/// <param name="Step">Index of the earlier step, or -1.</param>
internal readonly record struct StepOperand(long Number, int Step)
{
    internal static StepOperand Of(long number) => new(number, -1);
}

/// <summary>One line of working.</summary>
/// <param name="Left">Left of the operator.</param>
/// <param name="Operator"><c>+</c>, <c>-</c> or <c>*</c>.</param>
/// <param name="Right">Right of the operator.</param>
internal readonly record struct WrittenStep(StepOperand Left, char Operator, StepOperand Right);

/// <summary>A solution as a list of steps, which can be written out rightly, with a slip, or not at all.</summary>
internal sealed class WrittenSteps
{
    private static readonly int[] Slips = [-10, -2, -1, 1, 2, 10];

    private readonly List<WrittenStep> _steps = [];

    internal int Count => _steps.Count;

    /// <summary>The right answer.</summary>
    internal long Answer => Results(slipAt: -1, slip: 0)[^1];

    /// <summary>Adds a step and gives its result for use in later ones.</summary>
    internal StepOperand Add(StepOperand left, char symbol, StepOperand right)
    {
        _steps.Add(new WrittenStep(left, symbol, right));
        return new StepOperand(0, _steps.Count - 1);
    }

    /// <summary>Every step on a line, <c>a op b=c</c>, then the answer after <c>####</c>.</summary>
    internal string Careful() => Write(slipAt: -1, slip: 0);

    /// <summary>The same with one result off by 1, 2 or 10; later steps go on from it and the answer is wrong.</summary>
    internal string WithSlip(RandomSequence random)
    {
        while (true)
        {
            int at = random.Below(Count);
            int slip = random.Pick(Slips);
            if (Results(at, slip)[^1] != Answer)
            {
                return Write(at, slip);
            }
        }
    }

    /// <summary>The right answer with no working.</summary>
    internal string Bare() => AnswerLine(Answer);

    /// <summary>One right line of the working.</summary>
    internal string Line(int step) => Careful().Split('\n')[step];

    private string Write(int slipAt, int slip)
    {
        long[] results = Results(slipAt, slip);
        StringBuilder text = new();
        for (int i = 0; i < Count; i++)
        {
            WrittenStep step = _steps[i];
            text.Append(
                CultureInfo.InvariantCulture, $"{Value(step.Left, results)} {step.Operator} {Value(step.Right, results)}={results[i]}\n");
        }

        return text.Append(AnswerLine(results[^1])).ToString();
    }

    private long[] Results(int slipAt, int slip)
    {
        long[] results = new long[Count];
        for (int i = 0; i < Count; i++)
        {
            long left = Value(_steps[i].Left, results);
            long right = Value(_steps[i].Right, results);
            results[i] = (i == slipAt ? slip : 0) + _steps[i].Operator switch
            {
                '+' => left + right,
                '-' => left - right,
                _ => left * right,
            };
        }

        return results;
    }

    private static long Value(StepOperand operand, long[] results) =>
        operand.Step < 0 ? operand.Number : results[operand.Step];

    private static string AnswerLine(long answer) => string.Create(CultureInfo.InvariantCulture, $"#### {answer}");
}
