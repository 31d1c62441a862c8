using System.CommandLine;
using ReSTEM.Models;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem tokenize</c>.</summary>
internal static class TokenizeVerb
{
    internal static Command Create()
    {
        var model = InputOutput.Model();
        var input = InputOutput.Input();
        var output = InputOutput.Output();
        var special = new Option<bool>("--special-tokens") { Description = "Add the special tokens that the tokenizer puts around a text." };
        var verb = new Command(
            "tokenize",
            "Encodes rows {text} to rows {ids, decoded}.\n\nExample: restem tokenize --model DIR --input texts.jsonl --output ids.jsonl")
        {
            model, input, output, special,
        };
        verb.SetAction(parsed => Run(
            parsed.GetValue(model)!, parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(special)));
        return verb;
    }

    private static int Run(string model, string input, string output, bool special)
    {
        var tokenizer = Tokenizer.Load(model);
        using var writer = new RowWriter(output);
        foreach (JsonRow row in JsonLines.Read(input))
        {
            string text = row.Text("text") ?? throw new InvalidDataException($"{row.Place}: text is missing, expected a text.");
            int[] ids = tokenizer.Encode(text, special);
            writer.Write(new { ids, decoded = tokenizer.Decode(ids, skipSpecialTokens: false) });
        }

        writer.Complete();
        return ExitCode.Done;
    }
}
