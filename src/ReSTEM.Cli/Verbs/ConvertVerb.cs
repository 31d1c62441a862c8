using System.CommandLine;
using ReSTEM.Models;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem convert</c>.</summary>
internal static class ConvertVerb
{
    internal static Command Create()
    {
        var checkpoint = new Option<string>("--checkpoint") { Description = "llama2.c checkpoint (version 0), for example stories260K.bin.", Required = true };
        var output = new Option<string>("--output") { Description = "Hugging Face folder to make.", Required = true };
        var verb = new Command(
            "convert",
            "Makes a Hugging Face folder, without tokenizer, of a llama2.c checkpoint.\n\n" +
            "Example: restem convert --checkpoint stories260K.bin --output stories260K")
        {
            checkpoint, output,
        };
        verb.SetAction(parsed =>
        {
            string folder = InputOutput.NewFolder("--output", parsed.GetValue(output)!, mayBeEmpty: true);
            Given.Read($"--checkpoint '{parsed.GetValue(checkpoint)}'", () =>
            {
                Llama2cConverter.Convert(parsed.GetValue(checkpoint)!, folder);
                return folder;
            });
            Console.WriteLine($"written: {parsed.GetValue(output)}");
            return ExitCode.Done;
        });
        return verb;
    }
}
