using System.IO.Compression;
using System.Text;
using ReSTEM.Cli;

namespace ReSTEM.Tests;

/// <summary>What verbs read: JSONL, and of anything else what was found.</summary>
public sealed class InputTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Gzip_is_told_by_its_content_and_a_cut_one_is_refused()
    {
        byte[] packed = Packed("{\"a\": 1}\n\n{\"a\": 2}");
        Assert.Equal([(1, "1"), (3, "2")], Rows(packed).Select(row => (row.Line, row.Value.GetProperty("a").GetRawText())));
        Assert.Equal(4, Rows([.. packed, .. Packed("\n{\"a\": 3}\n{\"a\": 4}")]).Count());
        Assert.Contains("damaged or cut short", Refusal(packed[..^9]), StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> OtherKinds => new()
    {
        { "is text in UTF-16 (save it as UTF-8)", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray() },
        { "holds a NUL byte (byte 2), so it is UTF-16", Encoding.Unicode.GetBytes("{}") },
        { "is compressed with zstd", [0x28, 0xB5, 0x2F, 0xFD, 0] },
        { "is a Parquet table", "PAR1xx"u8.ToArray() },
        { "is a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\n"u8.ToArray() },
        { ":2: byte 4 of the file is not UTF-8", [(byte)'{', (byte)'}', (byte)'\n', 0xE9, (byte)'x'] },
    };

    [Theory]
    [MemberData(nameof(OtherKinds))]
    public void A_file_of_another_kind_is_named(string message, byte[] content) => Assert.Contains(message, Refusal(content), StringComparison.Ordinal);

    [Fact]
    public void Paths_that_lead_to_no_file_are_named()
    {
        Assert.Contains("is empty, expected a file", Refusal(""), StringComparison.Ordinal);
        Assert.Contains("a folder, expected a file", Refusal(_scratch.Path), StringComparison.Ordinal);
        Assert.Contains("which does not exist", Refusal(_scratch.File("none")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "the line is a list, expected a JSON object")]
    [InlineData("id,text", "not valid JSON at byte 1 of 'id,text', expected one JSON object a line")]
    [InlineData("{\"a\": ", "not valid JSON at byte")]
    public void A_line_that_is_no_object_is_shown(string line, string message)
    {
        var fault = Assert.Throws<InvalidDataException>(() => Rows(Encoding.UTF8.GetBytes("{}\n" + line)).Count());
        Assert.Contains(":2: " + message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"hi\"", "messages is \"hi\", expected a list of messages {role, content}.")]
    [InlineData("[]", "messages is an empty list, expected a list of messages {role, content}.")]
    [InlineData("[3]", "messages[0] is 3, expected an object {role, content}.")]
    [InlineData("[{\"role\": \"user\", \"content\": \"a\"}, {\"content\": \"b\"}]", "messages[1].role is missing, expected a text.")]
    [InlineData("[{\"role\": 1}]", "messages[0].role is 1, expected a text.")]
    [InlineData("[{\"role\": \"user\", \"content\": {\"a\": 1}}]", "messages[0].content is an object, expected a text, a list of parts or null.")]
    [InlineData("[{\"role\": \"user\"}], \"tools\": 1", "tools is 1, expected a list.")]
    [InlineData("[{\"role\": \"user\"}], \"add_generation_prompt\": \"yes\"", "add_generation_prompt is \"yes\", expected true or false.")]
    public void Conversations_are_checked_with_file_and_line(string messages, string message)
    {
        JsonRow row = Rows(Encoding.UTF8.GetBytes($"\n{{\"messages\": {messages}}}")).Single();
        var fault = Assert.Throws<InvalidDataException>(() => new ChatRows(_scratch.Path).Render(row, addsGenerationPrompt: true));
        Assert.Equal($"{_scratch.File("rows")}:2: {message}", fault.Message);
    }

    [Theory]
    [InlineData("The base is wrong. (Parameter 'kinds')", "The base is wrong.")]
    [InlineData("x is damaged: The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true. LineNumber: 0 | BytePositionInLine: 0.", "x is damaged: there is nothing in it (line 1, byte 1)")]
    [InlineData("'}' is an invalid start of a value. Path: $ | LineNumber: 2 | BytePositionInLine: 6.", "'}' is an invalid start of a value (line 3, byte 7)")]
    public void Texts_for_programmers_are_taken_out_of_messages(string raw, string plain) => Assert.Equal(plain, Failure.Plain(raw));

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private IEnumerable<JsonRow> Rows(byte[] content)
    {
        File.WriteAllBytes(_scratch.File("rows"), content);
        return JsonLines.Read("--input", _scratch.File("rows")).Rows();
    }

    private string Refusal(byte[] content) => Assert.Throws<UsageException>(() => Rows(content)).Message;

    private static string Refusal(string path) => Assert.Throws<UsageException>(() => JsonLines.Read("--input", path)).Message;
}
