using System.IO.Compression;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class ProblemFileTests : IDisposable
{
    private static readonly ProblemReadOptions Auto = new();

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Our_own_rows_are_read_with_every_field()
    {
        Problem[] problems = Read("own.jsonl", """
            {"id": "a", "task": "math", "question": "1 + 1?", "answer": 2, "metadata": {"level": 3, "tags": ["x"]}, "source": "me"}

            {"id": "b", "task": "choice", "prompt": "Sky?", "answer": " blue ", "choices": ["blue", "red"], "solution": "Look up."}
            """);
        Assert.Equal(2, problems.Length);
        Assert.Equal(("a", TaskKind.Math, "1 + 1?", "2"), (problems[0].Id, problems[0].Task, problems[0].Prompt, problems[0].Reference));
        Assert.Equal(("3", "[\"x\"]", "me"), (problems[0].Metadata["level"], problems[0].Metadata["tags"], problems[0].Metadata["source"]));
        Assert.Equal((TaskKind.Choice, "blue", "Look up."), (problems[1].Task, problems[1].Reference, problems[1].Solution));
        Assert.Equal(["blue", "red"], problems[1].Choices);
    }

    [Fact]
    public void Calculator_marks_stay_unless_they_are_unwanted()
    {
        const string Row = """{"question": "Pens?", "answer": "She has 3*4=<<3*4=12>>12 pens.\n#### 1,012"}""";
        Problem asPublished = Assert.Single(Read("train.jsonl", Row));
        Problem plain = Assert.Single(Read("train.jsonl", Row, new() { RemoveCalculatorMarks = true }));
        Assert.Equal(("gsm8k/train/0", "1,012"), (asPublished.Id, asPublished.Reference));
        Assert.Equal("She has 3*4=<<3*4=12>>12 pens.\n#### 1,012", asPublished.Solution);
        Assert.Equal("She has 3*4=12 pens.\n#### 1,012", plain.Solution);
    }

    [Fact]
    public void Only_line_feeds_end_a_row()
    {
        Problem problem = Assert.Single(Read("own.jsonl", "{\"id\": \"a\", \"task\": \"math\", \"prompt\": \"x\u2028y\u0085z\", \"answer\": \"1\"}\r\n"));
        Assert.Equal("x\u2028y\u0085z", problem.Prompt);
    }

    [Theory]
    [InlineData(@"Thus $\boxed{\frac{1}{2}}$.", @"\frac{1}{2}")]
    [InlineData(@"First \boxed{2}, then \fbox{3}.", "3")]
    [InlineData(@"So $\boxed 7$ it is.", "7")]
    [InlineData(@"$\boxed{\{1, 2\}}$", @"\{1, 2\}")]
    [InlineData(@"\boxed{}", "")]
    [InlineData(@"\boxed{12", null)]
    [InlineData("no box", null)]
    public void The_last_box_is_the_answer(string solution, string? expected) => Assert.Equal(expected, MathReader.LastBox(solution));

    [Theory]
    [InlineData("""{"id": "a", "task": "math", "answer": "1"}""", "own.jsonl:1: prompt is missing, expected a text.")]
    [InlineData("""{"id": "a", "task": "poem", "prompt": "x", "answer": "1"}""", "own.jsonl:1: task is 'poem', expected 'math' or 'choice'.")]
    [InlineData("""{"id": "a", "task": "choice", "prompt": "x", "answer": "c", "choices": ["a", "b"]}""", "answer is 'c', expected one of the choices (a, b).")]
    [InlineData("""{"id": "a", "task": "math", "prompt": ["x"], "answer": "1"}""", "prompt is [\"x\"], expected a text.")]
    [InlineData("""{"id": "a", "id": "b", "task": "math", "prompt": "x", "answer": "1"}""", "own.jsonl:1: a field is there twice, expected one JSON object a line.")]
    [InlineData("{\"id\": \"a\", \"task\": \"math\", \"prompt\": \"x\", \"answer\": \"1\"}\n{\"id\": ", "own.jsonl:2: byte 8 of the line is not well-formed JSON")]
    [InlineData("[1, 2]", "own.jsonl:1: row 0 of the array is 1, expected a JSON object.")]
    [InlineData("\n \n", "own.jsonl: the file is empty, expected problems.")]
    [InlineData("""{"text": "x", "code": "y"}""", "the form is not told by the fields text, code, expected id, task")]
    [InlineData("""{"problem": "x", "solution": "no box"}""", "solution is without a \\boxed answer that is closed")]
    [InlineData("""{"examples": [{"input": "x", "target": "y"}, {"input": "x"}]}""", "examples[1].target is missing, expected a text.")]
    [InlineData("""{"id": "a", "task": "math", "prompt": "\ud800", "answer": "1"}""", "prompt is not valid text, expected valid Unicode.")]
    public void Faults_are_named_with_file_line_and_field(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read("own.jsonl", text)).Message);

    [Fact]
    public void Bytes_that_are_not_utf8_are_named()
    {
        string path = _scratch.File("own.jsonl");
        File.WriteAllBytes(path, [.. "{\"id\": \"a\"}\n{\""u8, 0xFF, .. "\": 1}"u8]);
        var exception = Assert.Throws<InvalidDataException>(() => ProblemFile.Read(path, new() { Format = ProblemFormat.Problems, Task = TaskKind.Math }).Count);
        Assert.Contains("own.jsonl:1: answer is missing", exception.Message);
        File.WriteAllBytes(path, [.. "{\"id\": \"a\", \"prompt\": \""u8, 0xFF, .. "\"}"u8]);
        exception = Assert.Throws<InvalidDataException>(() => ProblemFile.Read(path, Auto));
        Assert.Contains("own.jsonl:1: byte 24 of the line is not UTF-8", exception.Message);
    }

    [Fact]
    public void The_task_of_a_data_set_can_be_overridden()
    {
        Problem problem = Assert.Single(Read("sums.json", """{"examples": [{"input": "1 + 1 =", "target": "2"}]}""", new() { Task = TaskKind.Math }));
        Assert.Equal((TaskKind.Math, "bbh/sums/0"), (problem.Task, problem.Id));
    }

    [DataTheory]
    [InlineData("gsm8k/test.jsonl.gz", 1319, "gsm8k/test/17", "Jill gets paid $20 per hour to teach", "57500")]
    [InlineData("gsm8k/train.jsonl.gz", 7473, "gsm8k/train/0", "Natalia sold clips to 48 of her friends in April", "72")]
    [InlineData("math/test.jsonl.gz", 5000, "math/test/algebra/1", "How many vertical asymptotes does the graph", "2")]
    [InlineData("math/train.jsonl.gz", 7500, "math/train/algebra/0", "Let \\[f(x) =", "0")]
    [InlineData("math/math500.jsonl.gz", 500, "math/test/precalculus/807", "Convert the point $(0,3)$", "\\left( 3, \\frac{\\pi}{2} \\right)")]
    [InlineData("bbh/multistep_arithmetic_two.json.gz", 250, "bbh/multistep_arithmetic_two/0", "((-1 + 2 + 9 * 5) - (-2 + -4 + -4 * -7)) =", "24")]
    [InlineData("bbh/formal_fallacies.json.gz", 250, "bbh/formal_fallacies/0", "", "invalid")]
    [InlineData("bbh/word_sorting.json.gz", 250, "bbh/word_sorting/0", "Sort the following words alphabetically", "syndrome therefrom")]
    public void Published_files_are_read_whole(string file, int count, string id, string promptStart, string reference)
    {
        var problems = ProblemFile.Read(SharedData.PathOf(file), Auto);
        Assert.Equal(count, problems.Count);
        Problem problem = problems.Single(problem => problem.Id == id);
        Assert.StartsWith(promptStart, problem.Prompt);
        Assert.Equal(reference, problem.Reference);
        Assert.Equal(file.StartsWith("bbh", StringComparison.Ordinal), problem.Task == TaskKind.Choice);
    }

    [DataFact]
    public void Big_bench_hard_options_become_choices()
    {
        Problem Read(string task) => ProblemFile.Read(SharedData.PathOf($"bbh/{task}.json.gz"), Auto)[0];
        Assert.Equal(["valid", "invalid"], Read("formal_fallacies").Choices);
        Assert.Equal(["(A)", "(B)", "(C)", "(D)", "(E)", "(F)"], Read("date_understanding").Choices);
        Assert.Equal(["Yes", "No"], Read("navigate").Choices);
        Assert.Empty(Read("dyck_languages").Choices);
    }

    [DataFact]
    public void Last_boxes_of_the_published_solutions_are_the_published_answers()
    {
        // One answer of the test set was corrected by hand in the data: test/prealgebra/177.
        var different = ProblemFile.Read(SharedData.PathOf("math/test.jsonl.gz"), Auto)
            .Where(problem => MathReader.LastBox(problem.Solution)?.Replace(" ", "") != problem.Reference.Replace(" ", ""))
            .Select(problem => problem.Id);
        Assert.Equal(["math/test/prealgebra/177"], different);
    }

    [Theory]
    [InlineData(ProblemFormat.Problems)]
    [InlineData(ProblemFormat.Gsm8k)]
    [InlineData(ProblemFormat.Math)]
    [InlineData(ProblemFormat.Bbh)]
    public void Damaged_files_are_read_or_refused_with_their_name(ProblemFormat format)
    {
        byte[] whole = Encoding.UTF8.GetBytes(Example(format));
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(whole);
        }

        RandomSequence random = RandomStream.Of(1, RandomPurpose.Problems).At(0, format.ToString(), 0).Sequence();
        string path = _scratch.File("damaged");
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = random.Chance(0.2) ? packed.ToArray() : [.. whole];
            bytes = random.Chance(0.3) ? bytes[..random.Below(bytes.Length)] : bytes;
            for (int flip = random.Below(4); flip > 0 && bytes.Length > 0; flip--)
            {
                bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            }

            File.WriteAllBytes(path, bytes);
            foreach (ProblemFormat asked in (ProblemFormat[])[format, ProblemFormat.Auto])
            {
                if (Record.Exception(() => ProblemFile.Read(path, new() { Format = asked })) is { } exception)
                {
                    Assert.IsType<InvalidDataException>(exception);
                    Assert.StartsWith(path, exception.Message);
                }
            }
        }
    }

    [Fact]
    public void A_gzip_file_cut_short_is_refused()
    {
        string path = _scratch.File("cut.jsonl.gz");
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(i => $"{{\"question\": \"q{i}\", \"answer\": \"#### {i}\"}}\n"))));
        }

        File.WriteAllBytes(path, packed.ToArray());
        Assert.Equal(1000, ProblemFile.Read(path, Auto).Count);
        for (int cut = 1; cut < 40; cut++)
        {
            File.WriteAllBytes(path, packed.ToArray()[..^cut]);
            Assert.Contains("damaged or cut short", Assert.Throws<InvalidDataException>(() => ProblemFile.Read(path, Auto)).Message);
        }
    }

    private static string Example(ProblemFormat format) => format switch
    {
        ProblemFormat.Gsm8k => "{\"question\": \"Pens\u00e9?\", \"answer\": \"<<1+1=2>>2\\n#### 2\"}\n{\"question\": \"More\\u00e9\", \"answer\": \"#### 3\"}\n",
        ProblemFormat.Math => "{\"problem\": \"$x$\", \"solution\": \"$\\\\boxed{1}$\", \"level\": \"Level 1\"}\n{\"problem\": \"y\", \"solution\": \"\\\\fbox{2}\"}\n",
        ProblemFormat.Bbh => "{\"canary\": \"c\",\n \"examples\": [{\"input\": \"a\\nOptions:\\n(A) x\\n(B) y\", \"target\": \"(A)\"}, {\"input\": \"b\", \"target\": \"No\"}]}",
        _ => "{\"id\": \"a\", \"task\": \"math\", \"prompt\": \"x\\u00e9\", \"answer\": 1, \"metadata\": {\"k\\u00e9\": [1]}}\n"
            + "{\"id\": \"b\", \"task\": \"choice\", \"question\": \"\ud83d\ude00\", \"answer\": \"c\", \"choices\": [\"c\"]}\n",
    };

    private Problem[] Read(string name, string text, ProblemReadOptions? options = null)
    {
        string path = _scratch.File(name);
        File.WriteAllText(path, text);
        return [.. ProblemFile.Read(path, options ?? Auto)];
    }
}
