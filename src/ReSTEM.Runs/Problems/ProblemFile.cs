using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Reads problem files in their published forms.</summary>
public static class ProblemFile
{
    /// <summary>The problems of a file, in its order. They are not checked against each other: see <see cref="ProblemSet"/>.</summary>
    /// <param name="path">A JSON or JSONL file, gzip or not, whatever its extension says.</param>
    /// <param name="options">How to read it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged or of no known form, or rows of it are bad; the message names file, line and field of each.
    /// </exception>
    public static IReadOnlyList<Problem> Read(string path, ProblemReadOptions options)
    {
        DataFile file = DataFile.Read(path);
        ProblemFormat format = options.Format == ProblemFormat.Auto ? Detect(path, file) : options.Format;
        IEnumerable<Problem> problems = format switch
        {
            ProblemFormat.Problems => ReadAll(
                path, file, row => CodeRowReader.Recognises(row) ? CodeRowReader.Read(row) : ProblemRowReader.Read(row, options.Task)),
            ProblemFormat.Code => ReadAll(path, file, CodeRowReader.Read),
            ProblemFormat.Gsm8k => ReadAll(path, file, row => Gsm8kReader.Read(row, options.RemoveCalculatorMarks)),
            ProblemFormat.Math => ReadAll(path, file, MathReader.Read),
            _ => BigBenchHardReader.Read(file.WholeObject(out string fault) ?? throw new InvalidDataException(fault)),
        };
        return [.. problems.Select(problem => options.Task is { } task ? problem with { Task = task } : problem)];
    }

    /// <summary>All rows, or all that is wrong with any of them.</summary>
    private static List<Problem> ReadAll(string path, DataFile file, Func<DataRow, Problem> read)
    {
        var problems = new List<Problem>();
        var faults = new List<string>();
        foreach (DataLine line in file.Lines())
        {
            try
            {
                problems.Add(read(line.Row ?? throw new InvalidDataException(line.Fault)));
            }
            catch (InvalidDataException bad)
            {
                faults.Add(bad.Message);
            }
        }

        if (faults.Count == 1)
        {
            throw new InvalidDataException(faults[0]);
        }

        ProblemFaults.Throw($"{path}: {faults.Count} bad rows", faults);
        return problems;
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
