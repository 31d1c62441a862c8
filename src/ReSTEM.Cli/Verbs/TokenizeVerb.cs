using System.CommandLine;
using ReSTEM.Tokenizers;

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
            "Encodes rows {text} to rows {ids, decoded}, and rows {messages, tools?, add_generation_prompt?, ...} through the model's chat template " +
            "to rows {text, ids}.\n\n" +
            "A chat template writes every special token itself; none is added to what it gives.\n\nExample: restem tokenize --model DIR --input texts.jsonl --output ids.jsonl")
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
        var chat = new ChatRows(model);
        foreach (JsonRow row in JsonLines.Read(input))
        {
            if (ChatRows.Is(row))
            {
                string rendered = chat.Render(row, addsGenerationPrompt: false);
                writer.Write(new { text = rendered, ids = tokenizer.Encode(rendered, addSpecialTokens: false) });
                continue;
            }

            string text = row.Text("text") ?? throw new InvalidDataException($"{row.Place}: text is missing, expected a text.");
            int[] ids = tokenizer.Encode(text, special);
            writer.Write(new { ids, decoded = tokenizer.Decode(ids, skipSpecialTokens: false) });
        }

        writer.Complete();
        return ExitCode.Done;
    }
}
