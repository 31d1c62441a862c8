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
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed.GetValue(model)!, parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(special), cancellationToken)));
        return verb;
    }

    private static int Run(string model, string input, string output, bool special, CancellationToken cancellationToken)
    {
        using var target = OutputFile.Open("--output", output, input);
        var tokenizer = Given.Read($"--model '{model}'", () => Tokenizer.Load(model));
        var rows = JsonLines.Read("--input", input);
        using var progress = new RowProgress("tokenize", "rows", rows.Count, target);
        using var writer = new RowWriter(target);
        var chat = new ChatRows(model);
        foreach (JsonRow row in rows.Rows())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var encoded = PromptRows.Echo(row).ToDictionary();
            int[] ids;
            if (ChatRows.Is(row))
            {
                string rendered = chat.Render(row, addsGenerationPrompt: false);
                ids = tokenizer.Encode(rendered, addSpecialTokens: false);
                (encoded["text"], encoded["ids"]) = (rendered, ids);
            }
            else
            {
                ids = tokenizer.Encode(row.Text("text", "text or messages"), special);
                (encoded["ids"], encoded["decoded"]) = (ids, tokenizer.Decode(ids, skipSpecialTokens: false));
            }

            writer.Write(encoded);

            progress.Advance(1, ids.Length);
        }

        writer.Complete();
        progress.Finish($"{rows.Count} rows encoded");
        return ExitCode.Done;
    }
}
