using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Whatever stands in a row of code tests, reading it ends with a problem or with one line that names file and line.</summary>
public sealed class CodeRowFuzzTests
{
    private const int RoundsPerRow = 60;
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "tests/ReSTEM.IntegrationTests/CodeData/Forms");

    private static readonly string[] Values =
    [
        "null", "true", "5", "-1e400", "\"\"", "\"x\"", "\"@half@\"", "\"[\"", "\"[]\"", "\"{}\"", "\"[[1,\\\"@half@\\\"]]\"", "[]", "{}", "[[]]", "[{}]", "[null]", "[5]",
        "[\"a\"]", "[[\"@half@\"]]", "{\"input\":[1],\"output\":5}", "{\"$tuple\":5}", "{\"$dict\":[[1]]}", "{\"a\":{\"b\":[]}}", "\"def check(candidate):\\n  assert 1\"",
        "{\"inputs\":[5],\"outputs\":[[]],\"fn_name\":{}}", "{\"calls\":[{}]}", "{\"stdin\":{}}", "{\"asserts\":[[]]}", "\"(\"", "\"eJwDAAAAAAE=\"",
    ];

    [Fact]
    public void Damaged_rows_are_refused_in_one_line_and_nothing_else_happens()
    {
        string[] rows = [.. Directory.GetFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(line => JsonNode.Parse(line)!["row"]!).Where(row => row["$raw"] is null).Select(row => row.ToJsonString())];
        int read = 0;
        for (int index = 0; index < rows.Length; index++)
        {
            for (int round = 0; round < RoundsPerRow; round++)
            {
                var random = RandomStream.Of(2026, RandomPurpose.Problems).At(index, "rows", round).Sequence();
                string text = Damaged(rows[index], random).Replace("@half@", "\\ud800", StringComparison.Ordinal);
                read += Reads(text) ? 1 : 0;
            }
        }

        Assert.InRange(read, 1, (rows.Length * RoundsPerRow) - 1);
    }

    [Fact]
    public void Damaged_files_are_refused_with_a_line_each()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.File("rows.jsonl");
        string[] lines = [.. Directory.GetFiles(Folder, "livecodebench.jsonl").SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)!["row"]!.ToJsonString())];
        for (int round = 0; round < 200; round++)
        {
            var random = RandomStream.Of(2026, RandomPurpose.Problems).At(0, "files", round).Sequence();
            byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            for (int i = 0; i < 8; i++)
            {
                bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            }

            File.WriteAllBytes(path, bytes);
            var fault = Assert.Throws<InvalidDataException>(() => ProblemFile.Read(path, new ProblemReadOptions { Format = ProblemFormat.Code }));
            string[] told = fault.Message.Split('\n');
            Assert.All(told.Skip(1), line => Assert.True(line.Contains("rows.jsonl:", StringComparison.Ordinal) || line.Contains("more", StringComparison.Ordinal), line));
        }
    }

    private static bool Reads(string text)
    {
        JsonElement row;
        try
        {
            row = JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return false;
        }

        if (row.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        try
        {
            Problem problem = CodeRowReader.Read(row, "rows.jsonl", 3);
            Assert.NotNull(problem.Tests);
            return true;
        }
        catch (InvalidDataException fault)
        {
            Assert.StartsWith("rows.jsonl:3: ", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
            return false;
        }
    }

    private static string Damaged(string row, RandomSequence random)
    {
        if (random.Below(4) == 0)
        {
            int at = random.Below(row.Length);
            return random.Below(2) == 0 ? row[..at] + row[(at + 1)..] : row[..at] + "\"{}[],:0\\"[random.Below(9)] + row[at..];
        }

        var node = JsonNode.Parse(row)!.AsObject();
        for (int i = random.Below(3); i >= 0; i--)
        {
            string name = node.ElementAt(random.Below(node.Count)).Key;
            if (random.Below(8) == 0 && node.Count > 1)
            {
                node.Remove(name);
            }
            else
            {
                node[name] = Changed(node[name], random);
            }
        }

        return node.ToJsonString();
    }

    // The value itself, or one somewhere inside of it, also inside of JSON in a text.
    private static JsonNode? Changed(JsonNode? value, RandomSequence random)
    {
        switch (value)
        {
            case JsonArray { Count: > 0 } array when random.Below(2) == 0:
                int index = random.Below(array.Count);
                JsonNode? item = array[index];
                array[index] = null;
                array[index] = Changed(item, random);
                return array.DeepClone();
            case JsonObject { Count: > 0 } group when random.Below(2) == 0:
                string name = group.ElementAt(random.Below(group.Count)).Key;
                group[name] = Changed(group[name]?.DeepClone(), random);
                return group.DeepClone();
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is ['[' or '{', ..] json && random.Below(2) == 0:
                return JsonValue.Create(random.Below(2) == 0 ? WithoutOneLetter(json, random) : ChangedInside(json, random));
            default:
                return JsonNode.Parse(Values[random.Below(Values.Length)]);
        }
    }

    private static string WithoutOneLetter(string text, RandomSequence random)
    {
        int at = random.Below(text.Length);
        return text[..at] + text[(at + 1)..];
    }

    private static string ChangedInside(string json, RandomSequence random)
    {
        try
        {
            return Changed(JsonNode.Parse(json), random)?.ToJsonString() ?? "null";
        }
        catch (JsonException)
        {
            return json + "]";
        }
    }
}
