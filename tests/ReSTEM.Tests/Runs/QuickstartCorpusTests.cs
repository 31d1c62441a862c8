using System.Data;
using System.Globalization;
using ReSTEM.Runs;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

public sealed class QuickstartCorpusTests : IDisposable
{
    private readonly DataTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public void Documents_come_in_the_documented_mix()
    {
        const int Count = 8000;
        CorpusStage stage = CorpusStage.First;
        Dictionary<string, int> counts = [];
        foreach (CorpusDocument document in QuickstartCorpus.Documents(stage, "one", 1).Take(Count))
        {
            string kind = Kind(document);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        // 4 standard deviations of a share of 8000 documents are at most 0.023.
        double problems = 1 - stage.Drills;
        double maths = problems * (stage.Arithmetic + stage.Word);
        Assert.Equal(stage.Drills, Share("drill"), 0.023);
        Assert.Equal(problems * (1 - stage.Arithmetic - stage.Word), Share("code"), 0.023);
        Assert.Equal(maths * stage.Careful, Share("careful"), 0.023);
        Assert.Equal(maths * stage.Slip, Share("slip"), 0.023);
        Assert.Equal(maths * 0.2, Share("bare"), 0.023);

        double Share(string kind) => counts[kind] / (double)Count;
    }

    [Fact]
    public void A_slip_is_one_wrong_line_that_the_others_go_on_from()
    {
        foreach (CorpusDocument document in QuickstartCorpus.Documents(CorpusStage.Second, "two", 1).Take(2000).Where(document => Kind(document) == "slip"))
        {
            string[] lines = document.Completion.Split('\n');
            Assert.Equal(1, lines[..^1].Count(line => !IsRight(line)));
            Assert.Equal($"#### {lines[^2].Split('=')[1]}", lines[^1]);
            if (document.Prompt.EndsWith(" =\n", StringComparison.Ordinal))
            {
                Assert.NotEqual(Evaluate(document.Prompt[..^3]), lines[^1]["#### ".Length..]);
            }
        }
    }

    [Fact]
    public void Drills_are_eight_right_lines_that_count_whole()
    {
        foreach (CorpusDocument drill in QuickstartCorpus.Documents(new() { Drills = 1 }, "drills", 1).Take(100))
        {
            Assert.True(drill.LossOnPrompt);
            Assert.Equal("", drill.Prompt);
            Assert.Equal(8, drill.Completion.Split('\n').Length);
            Assert.All(drill.Completion.Split('\n'), line => Assert.True(IsRight(line), line));
        }
    }

    [Fact]
    public void The_same_place_gives_the_same_document()
    {
        var again = QuickstartCorpus.Documents(CorpusStage.First, "one", 1).Take(200);
        Assert.Equal(again, QuickstartCorpus.Documents(CorpusStage.First, "one", 1).Take(200));
        Assert.NotEqual(again, QuickstartCorpus.Documents(CorpusStage.First, "two", 1).Take(200));
        Assert.NotEqual(again, QuickstartCorpus.Documents(CorpusStage.First, "one", 2).Take(200));
    }

    [Fact]
    public void Shares_over_one_are_refused() => Assert.Contains(
        "careful + slip is 1.2, expected at most 1",
        Assert.Throws<ArgumentException>(() => QuickstartCorpus.Documents(new() { Careful = 0.7, Slip = 0.5 }, "x", 1)).Message);

    [Fact]
    public void The_trained_tokenizer_has_the_common_words_and_single_digits()
    {
        var texts = QuickstartCorpus.Documents(CorpusStage.First, "one", 1).Take(4000).Select(document => document.Prompt + document.Completion);
        byte[] json = BpeTrainer.Train(texts, QuickstartCorpus.TokenizerPattern, QuickstartCorpus.VocabularySize, [QuickstartCorpus.EndToken]);
        Tokenizer tokenizer = Tokenizer.Load(new MemoryStream(json), "quickstart");
        Assert.Equal(QuickstartCorpus.VocabularySize, tokenizer.VocabularySize);
        Assert.Equal(QuickstartCorpus.VocabularySize - 1, tokenizer.SpecialTokens[QuickstartCorpus.EndToken]);
        Assert.Equal(
            ["Ann", "Ġhas", "Ġ", "1", "2", "Ġapples", ".", "ĠHow", "Ġmany", "Ġapples", "?", "Ċ", "1", "2", "Ġ-Ġ", "-", "7", "=", "1", "9", "Ċ", "####", "Ġ", "1", "9"],
            Tokens("Ann has 12 apples. How many apples?\n12 - -7=19\n#### 19"));
        Assert.Equal(
            ["def", "Ġf", "(", "x", ")", ":", "ĊĠĠĠĠ", "x", "Ġ=Ġ", "x", "Ġ+Ġ", "2", "ĊĠĠĠĠ", "return", "Ġx", "Ġ*Ġ", "x"],
            Tokens("def f(x):\n    x = x + 2\n    return x * x"));

        IEnumerable<string> Tokens(string text) => tokenizer.Encode(text, addSpecialTokens: false).Select(id => tokenizer.TokenOf(id)!);
    }

    private string Kind(CorpusDocument document)
    {
        if (document.LossOnPrompt)
        {
            return "drill";
        }

        string[] lines = document.Completion.Split('\n');
        return document.Prompt.StartsWith('#') ? "code"
            : lines.Length == 1 ? "bare"
            : lines[..^1].All(IsRight) ? "careful"
            : "slip";
    }

    private bool IsRight(string line) => Evaluate(line.Split('=')[0]) == line.Split('=')[1];

    /// <summary>.NET's own evaluation of an expression.</summary>
    private string Evaluate(string expression) => Convert.ToString(_table.Compute(expression, ""), CultureInfo.InvariantCulture)!;
}
