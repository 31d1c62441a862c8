using System.CommandLine;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem export</c>.</summary>
internal static class ExportVerb
{
    private const string Folder = "hf", File = "gguf";

    internal static Command Create()
    {
        var source = new Argument<string>("RUN|MODEL") { Description = "A run folder, a Hugging Face folder, or a PEFT adapter's." };
        var format = new Option<string>("--format") { Description = "hf: a Hugging Face folder (vLLM, TRL, transformers). gguf: a file for llama.cpp.", Required = true };
        var output = new Option<string>("--output") { Description = "The folder or file to make; must not exist.", Required = true };
        var merge = new Option<bool>("--merge") { Description = "Add an adapter into its base model's weights; without it an adapter stays one, which only hf can say." };
        var iteration = new Option<int?>("--iteration") { Description = "Of a run: which iteration. Left out, the best by validation reward, as in the report." };
        var type = new Option<string>("--type") { Description = "Type of the stored numbers: f32 (default), f16, bf16; with gguf also q8_0." };
        var noTokenizer = new Option<bool>("--no-tokenizer") { Description = "gguf only: leave the tokenizer out; the file is then used with token ids." };
        var verb = new Command(
            "export",
            "Writes what a run trained, or any model, for other programs: docs/export.md.\n\n" +
            "Examples:\n" +
            "  restem export runs/gsm8k --format hf --output gsm8k-model\n" +
            "  restem export runs/gsm8k --iteration 2 --format gguf --merge --type q8_0 --output gsm8k.gguf\n" +
            "  restem export adapter --format hf --merge --type bf16 --output merged")
        {
            source, format, output, merge, iteration, type, noTokenizer,
        };
        verb.SetAction(parsed => Run(
            parsed.GetValue(source)!, parsed.GetValue(iteration), parsed.GetValue(format)!, parsed.GetValue(output)!, parsed.GetValue(merge),
            parsed.GetValue(type), parsed.GetValue(noTokenizer)));
        return verb;
    }

    private static int Run(string path, int? iteration, string format, string output, bool isMerged, string? type, bool hasNoTokenizer)
    {
        if (format is not (Folder or File))
        {
            throw new UsageException($"--format is {format}, expected {Folder} or {File}.");
        }

        if (hasNoTokenizer && format is Folder)
        {
            throw new UsageException($"--no-tokenizer is given, expected it with --format {File} only.");
        }

        InputOutput.NewFolder("--output", output);
        var source = Given.Read("", () => ExportSource.Of(path, iteration));
        var export = new ModelExport(source.Folder, isMerged, type);
        string written = format is Folder ? export.ToFolder(output) : export.ToFile(output, !hasNoTokenizer);
        Console.WriteLine($"written: {output}: {(source.Note.Length > 0 ? source.Note + "; " : "")}{written}");
        return ExitCode.Done;
    }
}
