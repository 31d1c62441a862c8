using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>One text of base training.</summary>
/// <param name="Prompt">A problem and the line feed after it; empty for a drill.</param>
/// <param name="Completion">What follows; the end token comes after it.</param>
/// <param name="LossOnPrompt">Whether every token counts in the loss, or those of the completion alone.</param>
public sealed record CorpusDocument(string Prompt, string Completion, bool LossOnPrompt);

/// <summary>
/// The text that the quickstart's base model is trained on. Its quality is mixed on purpose, so that a reward has something to choose
/// from: see docs/quickstart.md. Every problem in it belongs to <see cref="ProblemSplit.Corpus"/>.
/// </summary>
public static class QuickstartCorpus
{
    /// <summary>Between a problem and its solution, in the corpus and so in every prompt of the quickstart.</summary>
    public const string AfterPrompt = "\n";

    /// <summary>
    /// Pieces within which the quickstart's tokenizer merges: the answer mark, a line break with its indent, a spaced operator, a word
    /// with the blank before it, and any other character alone; so every digit is a token of its own.
    /// </summary>
    public const string TokenizerPattern = @"####|\n *| [+\-*/%=<>] | ?\p{L}+|.";

    /// <summary>Ends every document and every completion.</summary>
    public const string EndToken = "<|endoftext|>";

    /// <summary>Entries of the quickstart's tokenizer: enough for every word of the generator to be one token.</summary>
    public const int VocabularySize = 576;

    private const int DrillLines = 8;
    private const int LargestDrillNumber = 99;
    private static readonly char[] Operators = ['+', '-', '*'];

    /// <summary>The documents of a stage, without end; each is a function of seed, name and its place in the sequence.</summary>
    /// <param name="stage">The mix.</param>
    /// <param name="name">Keys the random numbers; two stages of one recipe need two names.</param>
    /// <param name="seed">Of the corpus.</param>
    /// <exception cref="ArgumentException">Shares that add up to more than 1.</exception>
    public static IEnumerable<CorpusDocument> Documents(CorpusStage stage, string name, ulong seed)
    {
        RequireShares("arithmetic + word", stage.Arithmetic + stage.Word);
        RequireShares("careful + slip", stage.Careful + stage.Slip);
        return Draw(stage, name, RandomStream.Of(seed, RandomPurpose.Corpus));
    }

    private static IEnumerable<CorpusDocument> Draw(CorpusStage stage, string name, RandomStream stream)
    {
        for (int index = 0; ; index++)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{name}/{index}");
            yield return DrawDocument(stage, stream.At(0, place, 0).Sequence());
        }
    }

    private static CorpusDocument DrawDocument(CorpusStage stage, RandomSequence random)
    {
        if (random.Chance(stage.Drills))
        {
            return new CorpusDocument("", DrawDrill(random), LossOnPrompt: true);
        }

        ProblemLevel level = random.Chance(stage.Easy) ? ProblemLevel.Easy : ProblemLevel.Target;
        double kind = random.Uniform();
        if (kind >= stage.Arithmetic + stage.Word)
        {
            GeneratedCode code = DrawFromCorpus(() => CodeGenerator.Draw(random, level), drawn => drawn.Prompt);
            string function = random.Chance(stage.CodeRight)
                ? GeneratedCode.Write(code.Steps)
                : CodeGenerator.WriteWithBug(code, random);
            return new CorpusDocument(code.Prompt + AfterPrompt, function, LossOnPrompt: false);
        }

        GeneratedMath math = kind < stage.Arithmetic
            ? DrawArithmetic(stage, random, level)
            : DrawFromCorpus(() => WordGenerator.Draw(random, level), drawn => drawn.Prompt);
        double style = random.Uniform();
        string solution = style < stage.Careful ? math.Steps.Careful()
            : style < stage.Careful + stage.Slip ? math.Steps.WithSlip(random)
            : math.Steps.Bare();
        return new CorpusDocument(math.Prompt + AfterPrompt, solution, LossOnPrompt: false);
    }

    private static GeneratedMath DrawArithmetic(CorpusStage stage, RandomSequence random, ProblemLevel level)
    {
        ProblemLevel actual = level == ProblemLevel.Target && random.Chance(stage.LongArithmetic) ? ProblemLevel.Long : level;
        return DrawFromCorpus(() => ArithmeticGenerator.Draw(random, actual), drawn => drawn.Prompt);
    }

    private static T DrawFromCorpus<T>(Func<T> draw, Func<T, string> prompt)
    {
        while (true)
        {
            T drawn = draw();
            if (SplitRule.Of(prompt(drawn)) == ProblemSplit.Corpus)
            {
                return drawn;
            }
        }
    }

    /// <summary>Eight lines, half of them steps of problems that might be asked, half of numbers to 9 or to 99.</summary>
    private static string DrawDrill(RandomSequence random) =>
        string.Join('\n', Enumerable.Range(0, DrillLines).Select(_ => random.Chance(0.5) ? DrawStep(random) : DrawSum(random)));

    private static string DrawStep(RandomSequence random)
    {
        GeneratedMath math = random.Chance(0.5)
            ? ArithmeticGenerator.Draw(random, ProblemLevel.Target)
            : WordGenerator.Draw(random, ProblemLevel.Target);
        return math.Steps.Line(random.Below(math.Steps.Count));
    }

    private static string DrawSum(RandomSequence random)
    {
        char symbol = random.Pick(Operators);
        int largest = symbol == '*' || random.Chance(0.5) ? 9 : LargestDrillNumber;
        WrittenSteps steps = new();
        steps.Add(
            StepOperand.Of(random.Between(-largest, largest)), symbol, StepOperand.Of(random.Between(-largest, largest)));
        return steps.Line(0);
    }

    private static void RequireShares(string what, double sum)
    {
        if (sum > 1 + 1e-9)
        {
            throw new ArgumentException($"{what} is {sum.ToString(CultureInfo.InvariantCulture)}, expected at most 1.");
        }
    }
}
