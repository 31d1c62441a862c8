using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Reads problem files in their published forms.</summary>
public static class ProblemFile
{
    /// <summary>The problems of a file, in its order. They are not checked against each other: see <see cref="ProblemSet"/>.</summary>
    /// <param name="path">A JSONL, JSON or Parquet file, whatever its extension says, or a CSV file whose extension says so; gzip or not.</param>
    /// <param name="options">How to read it.</param>
    /// <exception cref="InvalidDataException">
    /// There is no such file, or it is damaged or of no known form, or rows of it are bad; the message names file, line and field of each.
    /// </exception>
    public static IReadOnlyList<Problem> Read(string path, ProblemReadOptions options)
    {
        DataFile file = DataFile.Read(path);
        if (options.Task is TaskKind.Classify && options.Format is not (ProblemFormat.Auto or ProblemFormat.Problems or ProblemFormat.Labels))
        {
            throw new InvalidDataException($"{path}: the form is {ConfigNames.Of(options.Format.ToString())} with task classify, expected labels or problems.");
        }

        ProblemFormat format = options.Format != ProblemFormat.Auto ? options.Format
            : options.Fields is not null ? ProblemFormat.Problems
            : options.Task is TaskKind.Classify ? ProblemFormat.Labels
            : Detect(path, file);
        IEnumerable<Problem> problems = format switch
        {
            ProblemFormat.Problems => ReadAll(
                path, file, row => options.Fields is null && CodeRowReader.Recognises(row) ? CodeRowReader.Read(row)
                    : IsLabelled(row, options) ? LabelRowReader.Read(row, options)
                    : ProblemRowReader.Read(row, options)),
            ProblemFormat.Labels => ReadAll(path, file, row => LabelRowReader.Read(row, options)),
            ProblemFormat.Code => ReadAll(path, file, CodeRowReader.Read),
            ProblemFormat.Gsm8k => ReadAll(path, file, row => Gsm8kReader.Read(row, options.RemoveCalculatorMarks)),
            ProblemFormat.Math => ReadAll(path, file, MathReader.Read),
            _ => BigBenchHardReader.Read(file.WholeObject(out string fault) ?? throw new InvalidDataException(fault)),
        };
        return [.. problems.Select(problem => options.Task is { } task ? problem with { Task = task } : problem)];
    }

    private static bool IsLabelled(DataRow row, ProblemReadOptions options) =>
        options.Task is TaskKind.Classify || LabelRowReader.IsTask(row, new OwnFields(options.Fields).Task);

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
        return problems.Count > 0 ? problems : throw new InvalidDataException($"{path}: the file holds no rows, expected problems.");
    }

    /// <summary>The form that a file's content tells; null where it tells none.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    internal static ProblemFormat? FormOf(DataFile file) =>
        file.WholeObject(out _) is { } whole && whole.Has("examples") ? ProblemFormat.Bbh
        : file.Rows().Cast<DataRow?>().FirstOrDefault() is { } first ? FormOf(first)
        : null;

    private static ProblemFormat? FormOf(DataRow row) =>
        CodeRowReader.Recognises(row) ? ProblemFormat.Code
        : LabelRowReader.Recognises(row) ? ProblemFormat.Labels
        : row.Has("task") || row.Has("prompt") || (row.Has("messages") && !row.Has("question") && !row.Has("problem")) ? ProblemFormat.Problems
        : row.Has("question") && row.Has("answer") ? (row.Optional("answer").Contains("####") ? ProblemFormat.Gsm8k : ProblemFormat.Problems)
        : row.Has("problem") && row.Has("solution") ? ProblemFormat.Math
        : null;

    private static ProblemFormat Detect(string path, DataFile file)
    {
        if (FormOf(file) is { } form)
        {
            return form;
        }

        DataRow row = file.Rows().Cast<DataRow?>().FirstOrDefault() ?? throw new InvalidDataException($"{path}: the file is empty, expected problems.");
        throw row.Bad(
            "the form",
            $"not told by the fields {DataRow.Shorten(string.Join(", ", row.Fields))}",
            "id, task, prompt, answer; question, answer (GSM8K); text, label (labels); problem, solution (MATH); examples (BIG-Bench Hard); or fields in the configuration, which says what they are called");
    }
}
