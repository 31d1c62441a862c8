using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem init</c>.</summary>
internal static class InitVerb
{
    private const string SchemaPath = "docs/config.schema.json";

    private static readonly Argument<InitKind> Kind = new("KIND")
    {
        Description = "What the problems ask for: math, choice or code.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => InitKind.Math,
    };

    private static readonly Option<string> Model = new("--model") { Description = "Hugging Face folder of the base model.", DefaultValueFactory = _ => "" };
    private static readonly Option<string[]> Train = Files("--train", "Problem files to train on: JSONL, JSON, CSV or Parquet, also .gz.");
    private static readonly Option<string[]> Validation = Files("--validation", "Problem files that choose epochs and the best iteration; without them a share of the training problems.");
    private static readonly Option<string[]> Test = Files("--test", "Problem files that are only measured; without them a share of the training problems.");
    private static readonly Option<double> Share = new("--share") { Description = "Share of the training problems for each of both, where no files are named.", DefaultValueFactory = _ => 0.1 };
    private static readonly Option<string[]> Fields = DataArguments.Fields("What a field of the data is called");
    private static readonly Option<string> Template = new("--template") { Description = "Text around the problem; holds {prompt}; \\n is a line break. Without it one is chosen for the kind.", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Completion = new("--completion") { Description = "Let the model go on with a text, though it has a chat template." };
    private static readonly Option<string> Output = new("--output") { Description = "File to write.", DefaultValueFactory = _ => "restem.yaml" };
    private static readonly Option<string> Name = new("--name") { Description = "Name of the run; without it that of the file.", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Force = new("--force") { Description = "Overwrite a file that is there." };
    private static readonly Option<bool> Schema = new("--schema") { Description = "Print the JSON schema of configurations for editors, and nothing else." };

    internal static Command Create()
    {
        var verb = new Command(
            "init",
            "Writes a first configuration, commented, for a model folder and problem files. Asks nothing: what flags do not say, a look at model and data does.\n\n" +
            "Examples: restem init math --model models/base --train sums.csv --output sums.yaml\n" +
            "          restem init code --model models/base --train problems.jsonl.gz --test humaneval.jsonl")
        {
            Kind, Model, Train, Validation, Test, Share, Fields, Template, Completion, Output, Name, Force, Schema,
        };
        verb.SetAction(Run);
        return verb;
    }

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = description,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static int Run(ParseResult parsed)
    {
        if (parsed.GetValue(Schema))
        {
            Console.Write(File.ReadAllText(SchemaFile() ?? throw new InvalidOperationException($"{SchemaPath} is not beside the program, expected it in the checkout that it was built from.")));
            return ExitCode.Done;
        }

        string output = parsed.GetValue(Output)!;
        ThrowUnlessWritable(output, parsed.GetValue(Force));
        ConfigDraft draft = Draft(parsed, output);
        AtomicFile.WriteText(output, Using("--model", () => DraftText.Write(draft, output)));
        Console.WriteLine($"{output}: {draft.Train.Sum(look => look.Problems.Count)} problems to train on, {(draft.Chat ? "as a chat" : "as a text to go on with")}");
        return Finish(output);
    }

    /// <summary>Data may need a decision that no look can take, such as which of two equal problems to leave out.</summary>
    private static int Finish(string output)
    {
        try
        {
            RunPlan.Read(output, []);
        }
        catch (ConfigException fault)
        {
            Console.Error.WriteLine($"error: {fault.Message}");
            Console.Error.WriteLine($"{output} is written; change it where it says so, and start restem check {output}.");
            return ExitCode.Usage;
        }

        Console.WriteLine($"next: restem check {output}");
        return ExitCode.Done;
    }

    private static ConfigDraft Draft(ParseResult parsed, string output)
    {
        TaskKind kind = Enum.Parse<TaskKind>(parsed.GetValue(Kind).ToString());
        string folder = Required("--model", parsed.GetValue(Model)!);
        string[] train = parsed.GetValue(Train)!;
        Required("--train", train.FirstOrDefault() ?? "");
        string name = parsed.GetValue(Name)! is { Length: > 0 } given ? given : NameOf(output);
        ModelInfo model = Using($"--model {folder}", () => Describe(folder));
        FieldNames? fields = DataArguments.NamesOf(parsed.GetValue(Fields)!);
        DataLook[] Look(string option, string[] files) => [.. files.Select(file => Using($"{option} {file}", () => DataLook.Of(file, kind, fields)))];
        return new ConfigDraft
        {
            Name = name,
            Kind = kind,
            Home = Path.GetDirectoryName(Path.GetFullPath(output))!,
            Base = folder,
            Model = model,
            Chat = !parsed.GetValue(Completion) && HasTemplate(model),
            Template = TemplateOf(parsed.GetValue(Template)!),
            Train = Look("--train", train),
            Validation = Look("--validation", parsed.GetValue(Validation)!),
            Test = Look("--test", parsed.GetValue(Test)!),
            Share = InputOutput.InRange("--share", parsed.GetValue(Share), 0.001, 0.45),
            Schema = SchemaFile() is { } schema ? Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(output))!, schema).Replace('\\', '/') : "",
        };
    }

    private static string TemplateOf(string text)
    {
        string template = text.Replace("\\n", "\n", StringComparison.Ordinal);
        return template.Length == 0 || template.Split(PromptOptions.Slot).Length == 2
            ? template
            : throw new UsageException($"--template holds {PromptOptions.Slot} {template.Split(PromptOptions.Slot).Length - 1} times, expected once.");
    }

    /// <summary>The file's name with what a run's name cannot have as dashes.</summary>
    private static string NameOf(string output)
    {
        string name = string.Concat(Path.GetFileNameWithoutExtension(output).Select(character =>
            char.IsAsciiLetterOrDigit(character) || character is '.' or '_' ? character : '-')).TrimStart('-', '.', '_');
        return name.Length > 0 ? name[..Math.Min(name.Length, 100)] : "run";
    }

    private static bool HasTemplate(ModelInfo model)
    {
        try
        {
            model.ChatRenderer.Digest(null);
            return true;
        }
        catch (InvalidDataException)
        {
            return false; // none, or none that can be read: the model goes on with a text
        }
    }

    private static ModelInfo Describe(string folder)
    {
        IEngine engine = EngineWiring.Usual();
        return engine.Describe(engine.Resolve(folder));
    }

    private static void ThrowUnlessWritable(string output, bool force)
    {
        if (Directory.Exists(output))
        {
            throw new UsageException($"--output {output} is a folder, expected the name of a file.");
        }

        if (File.Exists(output) && !force)
        {
            throw new UsageException($"{output} is there already, expected a new file; --force overwrites it, --output names another.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
        {
            throw new UsageException($"--output {output} lies in a folder that does not exist, expected one that does.");
        }
    }

    private static string Required(string option, string value) =>
        value.Length > 0 ? value : throw new UsageException($"{option} is missing, expected {(option == "--model" ? "a model folder" : "at least one problem file")}.");

    private static T Using<T>(string what, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException($"{what}: {fault.Message}");
        }
    }

    /// <summary>The schema in the checkout that the program was built from; null elsewhere.</summary>
    private static string? SchemaFile()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, SchemaPath)))
            {
                return Path.Combine(folder, SchemaPath);
            }
        }

        return null;
    }

    /// <summary>The tasks that a first configuration can be written for; docs/classification.md has one for the other.</summary>
    private enum InitKind
    {
        Math,
        Choice,
        Code,
    }
}
