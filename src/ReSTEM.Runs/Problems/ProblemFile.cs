using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Reads problem files in their published forms.</summary>
public static class ProblemFile
{
    /// <summary>The problems of a file, in its order. They are not checked against each other: see <see cref="ProblemSet"/>.</summary>
    /// <param name="path">A JSON or JSONL file, gzip or not, whatever its extension says.</param>
    /// <param name="options">How to read it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of no known form; the message names file, line and field.</exception>
    public static IReadOnlyList<Problem> Read(string path, ProblemReadOptions options)
    {
        DataFile file = DataFile.Read(path);
        ProblemFormat format = options.Format == ProblemFormat.Auto ? Detect(path, file) : options.Format;
        IEnumerable<Problem> problems = format switch
        {
            ProblemFormat.Problems => file.Rows().Select(
                row => CodeRowReader.Recognises(row) ? CodeRowReader.Read(row) : ProblemRowReader.Read(row, options.Task)),
            ProblemFormat.Code => file.Rows().Select(CodeRowReader.Read),
            ProblemFormat.Gsm8k => file.Rows().Select(row => Gsm8kReader.Read(row, options.RemoveCalculatorMarks)),
            ProblemFormat.Math => file.Rows().Select(MathReader.Read),
            _ => BigBenchHardReader.Read(file.WholeObject(out string fault) ?? throw new InvalidDataException(fault)),
        };
        return [.. problems.Select(problem => options.Task is { } task ? problem with { Task = task } : problem)];
    }

    private static ProblemFormat Detect(string path, DataFile file)
    {
        if (file.WholeObject(out _) is { } whole && whole.Has("examples"))
        {
            return ProblemFormat.Bbh;
        }

        DataRow? first = file.Rows().Cast<DataRow?>().FirstOrDefault();
        if (first is not { } row)
        {
            throw new InvalidDataException($"{path}: the file is empty, expected problems.");
        }

        if (CodeRowReader.Recognises(row))
        {
            return ProblemFormat.Code;
        }

        if (row.Has("task") || row.Has("prompt"))
        {
            return ProblemFormat.Problems;
        }

        if (row.Has("question") && row.Has("answer"))
        {
            return row.Optional("answer").Contains("####") ? ProblemFormat.Gsm8k : ProblemFormat.Problems;
        }

        return row.Has("problem") && row.Has("solution")
            ? ProblemFormat.Math
            : throw row.Bad(
                "the form",
                $"not told by the fields {DataRow.Shorten(string.Join(", ", row.Fields))}",
                "id, task, prompt, answer; question, answer (GSM8K); problem, solution (MATH); or examples (BIG-Bench Hard)");
    }
}
