using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>How problem files of one's own are read, for verbs that have no configuration.</summary>
internal sealed class DataArguments
{
    private readonly Option<TaskKind?> _task = new("--task") { Description = "What the problems of --problems ask for where their rows do not say it: math, choice or code." };

    private readonly Option<string[]> _fields = Fields("What a field of --problems is called");

    /// <summary>All of them.</summary>
    internal IReadOnlyList<Option> Options => [_task, _fields];

    internal void AddTo(Command verb)
    {
        foreach (Option option in Options)
        {
            verb.Options.Add(option);
        }
    }

    /// <summary>How files are read, without the files.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="files">From <c>--problems</c>.</param>
    /// <exception cref="UsageException">An option cannot be used, or has no effect.</exception>
    internal ProblemReadOptions Read(ParseResult parsed, IReadOnlyCollection<string> files)
    {
        if (files.Count == 0 && Options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
        {
            throw new UsageException($"{idle.Name} has no effect without --problems, expected both.");
        }

        return new ProblemReadOptions { Task = parsed.GetValue(_task), Fields = NamesOf(parsed.GetValue(_fields)!) };
    }

    /// <summary>The option for names of fields.</summary>
    internal static Option<string[]> Fields(string what) => new("--field")
    {
        Description = $"{what}, for example --field prompt=question (repeatable; prompt, answer, solution, choices, id, task).",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Names of fields from <c>KEY=NAME</c>; null where none is given.</summary>
    /// <exception cref="UsageException">It is not of that form, or the key is not known.</exception>
    internal static FieldNames? NamesOf(string[] pairs)
    {
        FieldNames fields = new();
        foreach (string pair in pairs)
        {
            string[] parts = pair.Split('=', 2);
            fields = parts is [var key, { Length: > 0 } name] ? key switch
            {
                "prompt" => fields with { Prompt = name },
                "answer" => fields with { Answer = name },
                "solution" => fields with { Solution = name },
                "choices" => fields with { Choices = name },
                "id" => fields with { Id = name },
                "task" => fields with { Task = name },
                _ => throw new UsageException($"--field {pair} names '{key}', expected prompt, answer, solution, choices, id or task before '='."),
            }
            : throw new UsageException($"--field is '{pair}', expected KEY=NAME, for example prompt=question.");
        }

        return pairs.Length == 0 ? null : fields;
    }
}
