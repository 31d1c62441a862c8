using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Draws word problems. Grammar, with one name N and one thing T throughout:
/// <code>
/// prompt = N " has " start " " T ". " { event " " } "How many " T "?"
/// event  = N " buys " k " more." | N " gives away " k "." | N " buys " b " boxes of " m "." | N " loses " b " bags of " m "."
///        | b " friends bring " m " each." | "The number doubles." | N " finds " f " more."
/// start = 5 .. 20,  k = 2 .. 9,  b, m = 2 .. 6,  f = 10 .. 20
/// </code>
/// </summary>
/// <remarks>The running total stays in 0 .. 99. Solution: the story's order, a product before the sum that uses it.</remarks>
internal static class WordGenerator
{
    private const long LargestTotal = 99;

    private static readonly string[] Names = ["Ann", "Ben", "Eva", "Ida", "Leo", "Mia", "Sam", "Tom"];
    private static readonly string[] Things = ["apples", "books", "cards", "coins", "eggs", "pens", "shells", "stamps"];

    internal static GeneratedMath Draw(RandomSequence random, ProblemLevel level)
    {
        string name = random.Pick(Names);
        string thing = random.Pick(Things);
        int sentences = level == ProblemLevel.Easy ? random.Between(1, 2) : random.Between(2, 4);
        long total = random.Between(5, 20);
        string prompt = string.Create(CultureInfo.InvariantCulture, $"{name} has {total} {thing}.");
        WrittenSteps steps = new();
        StepOperand running = StepOperand.Of(total);
        for (int i = 0; i < sentences; i++)
        {
            Event happening = DrawEvent(random, total);
            prompt += $" {(happening.NamesPerson ? $"{name} " : "")}{happening.Text}";
            total = happening.TotalAfter;
            StepOperand amount = happening.Bags > 0
                ? steps.Add(StepOperand.Of(happening.Bags), '*', StepOperand.Of(happening.Amount))
                : StepOperand.Of(happening.Amount);
            running = steps.Add(running, happening.Operator, amount);
        }

        return new GeneratedMath($"{prompt} How many {thing}?", steps, $"{sentences} events");
    }

    private static Event DrawEvent(RandomSequence random, long total)
    {
        while (true)
        {
            Event happening = DrawAnyEvent(random, total);
            if (happening.TotalAfter is >= 0 and <= LargestTotal)
            {
                return happening;
            }
        }
    }

    private static Event DrawAnyEvent(RandomSequence random, long total)
    {
        int kind = random.Below(7);
        int few = random.Between(2, 9);
        int bags = random.Between(2, 6);
        int each = random.Between(2, 6);
        int many = random.Between(10, 20);
        CultureInfo culture = CultureInfo.InvariantCulture;
        return kind switch
        {
            0 => new(string.Create(culture, $"buys {few} more."), true, 0, few, '+', total + few),
            1 => new(string.Create(culture, $"gives away {few}."), true, 0, few, '-', total - few),
            2 => new(string.Create(culture, $"buys {bags} boxes of {each}."), true, bags, each, '+', total + (bags * each)),
            3 => new(string.Create(culture, $"loses {bags} bags of {each}."), true, bags, each, '-', total - (bags * each)),
            4 => new(string.Create(culture, $"{bags} friends bring {each} each."), false, bags, each, '+', total + (bags * each)),
            5 => new("The number doubles.", false, 0, 2, '*', total * 2),
            _ => new(string.Create(culture, $"finds {many} more."), true, 0, many, '+', total + many),
        };
    }

    /// <param name="Text">The sentence, without the person.</param>
    /// <param name="NamesPerson">Whether the person's name goes before it.</param>
    /// <param name="Bags">How many lots of <paramref name="Amount"/>; 0 for a plain amount.</param>
    /// <param name="Amount">What is combined with the running total.</param>
    /// <param name="Operator">How.</param>
    /// <param name="TotalAfter">The running total afterwards.</param>
    private readonly record struct Event(string Text, bool NamesPerson, int Bags, int Amount, char Operator, long TotalAfter);
}
