using System.Globalization;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Parquet.Serialization;
using ReSTEM.Core;
using ReSTEM.Runs;
using ReSTEM.Tables;

namespace ReSTEM.Tests;

/// <summary>Own data: tables, arrays, conversations, fields of any name, rows without ids.</summary>
public sealed class OwnDataTests : IDisposable
{
    private static readonly ProblemReadOptions Math = new() { Task = TaskKind.Math };

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Csv_is_read_with_quotes_line_breaks_and_a_column_without_a_name()
    {
        Problem[] problems = Read("my.train.csv", ",question,answer,level\r\n0,\"What is \"\"1 + 1\"\",\nas a number?\",2,easy\r\n\r\n1,Next?,3,\r\n", Math);
        Assert.Equal(["my.train/0", "my.train/1"], problems.Select(problem => problem.Id));
        Assert.Equal(("What is \"1 + 1\",\nas a number?", "2", "easy"), (problems[0].Prompt, problems[0].Reference, problems[0].Metadata["level"]));
        Assert.False(problems[1].Metadata.ContainsKey("level"));
    }

    [Theory]
    [InlineData("a.csv", "question;answer\n1,5 + 1?;2,5\n", "1,5 + 1?", "2,5")]
    [InlineData("a.tsv", "question\tanswer\n1 + 1?\t2\n", "1 + 1?", "2")]
    [InlineData("a.csv.gz", "question,answer\n1 + 1?,2\n", "1 + 1?", "2")]
    [InlineData("A.CSV", "\uFEFFquestion,answer\n1 + 1?,2", "1 + 1?", "2")]
    public void Delimiters_and_packing_are_told(string name, string text, string prompt, string answer)
    {
        Problem problem = Assert.Single(Read(name, text, Math));
        Assert.Equal((prompt, answer), (problem.Prompt, problem.Reference));
    }

    [Theory]
    [InlineData("question,answer\n1,2\n\n\"a\nb\",3\nx,y,z\n", "a.csv:6: the row has 3 cells, expected 2 (question, answer).")]
    [InlineData("question,answer\na,\"open\nb,2\n", "a.csv:2: the cell \"open\\nb,2\\n has a quotation mark where none may stand")]
    [InlineData("question,answer\n1,2\na \"b\" c,2\n", "a.csv:3: the cell a \"b\" c has a quotation mark")]
    [InlineData("question,question\n1,2\n", "a.csv:1: the column 'question' is there twice, expected once.")]
    [InlineData("question,answer\n1,2\n1,\n", "a.csv:3: answer is missing, expected a text.")]
    [InlineData("question,answer\n", "a.csv: the file is empty, expected problems.")]
    [InlineData("", "a.csv: the file is empty, expected a header line")]
    public void Faults_of_a_table_are_named_with_file_line_and_column(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read("a.csv", text, Math)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_table_of_another_encoding_is_told_where_it_goes_wrong()
    {
        File.WriteAllBytes(_scratch.File("a.csv"), [.. "question,answer\ncaf"u8, 0xE9, .. ",1\n"u8]);
        Assert.Contains("a.csv:2: byte 20 of the file is not UTF-8", Assert.Throws<InvalidDataException>(() => ProblemFile.Read(_scratch.File("a.csv"), Math)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_scratch.File("a.csv"), [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("question,answer\n1,2\n")]);
        Assert.Contains("a.csv is text in UTF-16 (save it as UTF-8)", Assert.Throws<InvalidDataException>(() => ProblemFile.Read(_scratch.File("a.csv"), Math)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_table_of_texts_reads_back() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>[]>(), cells =>
    {
        string[] texts = [.. cells.Select(cell => new string([.. cell.Get.Where(character => !char.IsSurrogate(character) && character != '\0')])).Where(text => text.Length > 0)];
        string csv = "text,number\n" + string.Concat(texts.Select((text, i) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{i.ToString(CultureInfo.InvariantCulture)}\n"));
        CsvRecord[] records = [.. CsvTable.Read("a.csv", csv)];
        Assert.All(records, record => Assert.Equal("", record.Fault));
        Assert.Equal(texts, records.Select(record => record.Values[0].Value));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_json_array_is_read_with_the_line_of_each_row()
    {
        const string Text = "[\n  {\"id\": \"a\", \"task\": \"math\", \"prompt\": \"x\", \"answer\": NaN},\n\n  {\"id\": \"b\", \"task\": \"math\",\n   \"prompt\": \"y\"}\n]\n";
        string message = Assert.Throws<InvalidDataException>(() => Read("a.json", Text)).Message;
        Assert.Contains("a.json:4: answer is missing", message, StringComparison.Ordinal);
        Assert.Contains("a.json:2: answer is", message, StringComparison.Ordinal); // what Python writes as NaN is no answer
        Assert.Equal(["1", "2"], Read("a.json", "[{\"question\": \"x\", \"answer\": 1},{\"question\": \"y\", \"answer\": 2}]", Math).Select(problem => problem.Reference));
        Assert.Contains("a.json:2: byte 1 of the line is not well-formed JSON, expected one JSON array", Assert.Throws<InvalidDataException>(() => Read("a.json", "[{}\n{}]")).Message, StringComparison.Ordinal);
        Assert.Contains("a.json:1: row 1 of the array is 7, expected a JSON object.", Assert.Throws<InvalidDataException>(() => Read("a.json", "[{\"question\": \"x\", \"answer\": 1}, 7]", Math)).Message, StringComparison.Ordinal);
    }

    /// <summary>The file was written by DuckDB: another program's lists, groups, compression and types.</summary>
    [Fact]
    public void Parquet_of_another_program_is_read_with_its_nested_columns()
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "tests/ReSTEM.Tests/Runs/Tables/duckdb.parquet");
        byte[][] rows = [.. ParquetTable.Read(path, File.ReadAllBytes(path))];
        Assert.Equal(
            """{"data_source":"own","prompt":[{"role":"system","content":"Be brief."},{"role":"user","content":"What is 1 \u002B 1?"}],"reward_model":{"style":"rule","ground_truth":"2"},"n":3,"x":0.5,"ok":true,"d":"2026-01-31T00:00:00.0000000Z","t":"2026-01-31T12:00:00.0000000\u002B00:00","dec":1.50,"tags":["a","b"]}""".Replace("\\u002B00:00\"", "Z\"", StringComparison.Ordinal),
            Encoding.UTF8.GetString(rows[0]).Replace("\\u002B00:00\"", "Z\"", StringComparison.Ordinal));
        Assert.Equal("""{"n":9007199254740993,"x":1E+300,"ok":false}""", Encoding.UTF8.GetString(rows[2]));
        string message = Assert.Throws<InvalidDataException>(() => ProblemFile.Read(path, new ProblemReadOptions { Task = TaskKind.Math, Fields = new FieldNames { Answer = "reward_model.ground_truth" } })).Message;
        Assert.Contains("duckdb.parquet: row 2: reward_model.ground_truth is missing, expected a text.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_rows_become_problems_and_damage_is_told()
    {
        string path = _scratch.File("a.parquet");
        await ParquetSerializer.SerializeAsync(Enumerable.Range(0, 3000).Select(i => new Row { Question = $"{i} + 1?", Answer = i + 1 }), path);
        var problems = ProblemFile.Read(path, Math);
        Assert.Equal((3000, "a/2999", "3000"), (problems.Count, problems[^1].Id, problems[^1].Reference));
        byte[] whole = await File.ReadAllBytesAsync(path);
        RandomSequence random = RandomStream.Of(3, RandomPurpose.Problems).At(0, "parquet", 0).Sequence();
        for (int round = 0; round < 60; round++)
        {
            byte[] bytes = random.Chance(0.3) ? whole[..random.Between(4, whole.Length - 1)] : [.. whole];
            for (int flip = random.Between(1, 4); flip > 0; flip--)
            {
                bytes[random.Between(4, bytes.Length - 1)] = (byte)random.Below(256);
            }

            await File.WriteAllBytesAsync(path, bytes);
            if (Record.Exception(() => ProblemFile.Read(path, Math)) is { } exception)
            {
                Assert.IsType<InvalidDataException>(exception);
                Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Fields_of_any_name_are_taken_and_a_worked_answer_gives_the_final_one()
    {
        var names = new FieldNames { Prompt = "q", Answer = "gold.text", Id = "key", Solution = "why" };
        Problem problem = Assert.Single(Read("a.jsonl", """{"q": "1 + 1?", "gold": {"text": 2}, "key": 7, "why": "one more", "level": 1}""", new() { Fields = names, Task = TaskKind.Math }));
        Assert.Equal(("7", "1 + 1?", "2", "one more", "1"), (problem.Id, problem.Prompt, problem.Reference, problem.Solution, problem.Metadata["level"]));
        problem = Assert.Single(Read("a.csv", "q,full\nPens?,\"So 3 * 4 = 12.\n#### 12\"\n", new() { Fields = new() { Prompt = "q", Answer = "full" }, Task = TaskKind.Math }));
        Assert.Equal(("12", "So 3 * 4 = 12.\n#### 12"), (problem.Reference, problem.Solution));
        problem = Assert.Single(Read("a.jsonl", """{"q": "x", "why": "so \\boxed{5}"}""", new() { Fields = names, Task = TaskKind.Math }));
        Assert.Equal("5", problem.Reference);
        string message = Assert.Throws<InvalidDataException>(() => Read("a.jsonl", """{"q": "x", "why": "so five"}""", new() { Fields = names, Task = TaskKind.Math })).Message;
        Assert.Contains("a.jsonl:1: gold.text is missing, and the solution has neither '####' nor a \\boxed answer that is closed, expected one of them.", message, StringComparison.Ordinal);
        message = Assert.Throws<InvalidDataException>(() => Read("a.jsonl", """{"p": "x", "gold": {"text": "1"}}""", new() { Fields = names, Task = TaskKind.Math })).Message;
        Assert.Contains("a.jsonl:1: q is missing, expected a text.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conversation_of_one_question_is_a_problem()
    {
        Problem problem = Assert.Single(Read("chat.jsonl", """
            {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "1 + 1?"}]}, {"role": "assistant", "content": "It is \\boxed{2}."}]}
            """, Math));
        Assert.Equal(("chat/0", "1 + 1?", "2", "It is \\boxed{2}.", "Be brief."), (problem.Id, problem.Prompt, problem.Reference, problem.Solution, problem.Metadata["system"]));
        problem = Assert.Single(Read("chat.jsonl", """{"prompt": [{"from": "human", "value": "x?"}], "answer": "3"}""", Math));
        Assert.Equal(("x?", "3", ""), (problem.Prompt, problem.Reference, problem.Solution));
    }

    [Theory]
    [InlineData("""[{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]""", "messages[1] is of the role 'user', expected a system turn first if any, one question")]
    [InlineData("""[{"role": "assistant", "content": "a"}]""", "messages[0] is of the role 'assistant'")]
    [InlineData("""[{"role": "tool", "content": "a"}]""", "messages[0] is of the role 'tool'")]
    [InlineData("""[{"content": "a"}]""", "messages[0].role is missing, expected system, user or assistant.")]
    [InlineData("""[{"role": "user"}]""", "messages[0].content is missing, expected a text.")]
    [InlineData("""[{"role": "user", "content": [{"type": "image"}]}]""", "messages[0].content is {\"type\": \"image\"}, expected a text, or parts with a text each.")]
    [InlineData("[]", "messages is without a question, expected a message of the role user.")]
    public void A_conversation_that_is_more_than_one_question_is_refused(string messages, string message)
    {
        string text = "{\"messages\": " + messages + ", \"answer\": \"1\"}";
        Assert.Contains("chat.jsonl:1: " + message, Assert.Throws<InvalidDataException>(() => Read("chat.jsonl", text, Math)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choices_of_a_table_are_json_in_a_cell()
    {
        Problem problem = Assert.Single(Read("a.csv", "question,answer,choices\nSky?,blue,\"[\"\"blue\"\", \"\"red\"\"]\"\n", new() { Task = TaskKind.Choice }));
        Assert.Equal(["blue", "red"], problem.Choices);
        string message = Assert.Throws<InvalidDataException>(() => Read("a.csv", "question,answer,choices\nSky?,blue,blue|red\n", new() { Task = TaskKind.Choice })).Message;
        Assert.Contains("a.csv:2: choices is 'blue|red', expected a list of texts, in a table written as JSON", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PAR1garbage", "the Parquet table is damaged or of a kind that is not read")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "is a Git LFS pointer, which stands for a file that was not fetched")]
    [InlineData("<!DOCTYPE html><html>", "is a web page")]
    [InlineData("PK\u0003\u0004xx", "is a zip archive")]
    [InlineData("GGUF....", "is a GGUF file")]
    [InlineData("question,answer\n1,2\n", "a table with a header line is read as CSV when its name ends in .csv or .tsv")]
    public void A_file_of_another_kind_is_told_as_what_it_is(string content, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read("a.jsonl", content, Math)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_told_as_one_with_what_is_in_it()
    {
        Directory.CreateDirectory(_scratch.File("data"));
        File.WriteAllText(_scratch.File("data/train.jsonl"), "");
        Assert.Contains("is a folder (with train.jsonl), expected a file; name each file.", Assert.Throws<InvalidDataException>(() => ProblemFile.Read(_scratch.File("data"), Math)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.json")]
    [InlineData("a.jsonl")]
    public void Damaged_files_are_read_or_refused_with_their_name(string name)
    {
        string text = name switch
        {
            "a.csv" => "question,answer,choices\n\"a \"\"b\"\"\nc\",2,\"[\"\"2\"\"]\"\nd,3,\n",
            "a.json" => "[{\"question\": \"x\", \"answer\": 1}, {\"messages\": [{\"role\": \"user\", \"content\": \"y\"}], \"answer\": 2}]",
            _ => "{\"messages\": [{\"role\": \"user\", \"content\": [{\"text\": \"x\"}]}, {\"role\": \"assistant\", \"content\": \"#### 1\"}]}\n",
        };
        RandomSequence random = RandomStream.Of(4, RandomPurpose.Problems).At(0, name, 0).Sequence();
        string path = _scratch.File(name);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            bytes = random.Chance(0.2) ? bytes[..random.Below(bytes.Length)] : bytes;
            for (int flip = random.Between(1, 4); flip > 0 && bytes.Length > 0; flip--)
            {
                bytes[random.Below(bytes.Length)] = random.Chance(0.5) ? (byte)"\",\n[]{}:;0"[random.Below(10)] : (byte)random.Below(256);
            }

            File.WriteAllBytes(path, bytes);
            foreach (ProblemReadOptions options in new[] { Math, new ProblemReadOptions { Task = TaskKind.Choice, Fields = new FieldNames { Prompt = "messages" } } })
            {
                if (Record.Exception(() => ProblemFile.Read(path, options)) is { } exception)
                {
                    Assert.IsType<InvalidDataException>(exception);
                    Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    private Problem[] Read(string name, string text, ProblemReadOptions? options = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        using (var file = File.Create(_scratch.File(name)))
        using (Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file)
        {
            stream.Write(bytes);
        }

        return [.. ProblemFile.Read(_scratch.File(name), options ?? new())];
    }

    private sealed class Row
    {
        [System.Text.Json.Serialization.JsonPropertyName("question")]
        public string Question { get; set; } = "";

        [System.Text.Json.Serialization.JsonPropertyName("answer")]
        public int Answer { get; set; }
    }
}
