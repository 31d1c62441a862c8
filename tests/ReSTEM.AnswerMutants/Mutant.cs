namespace ReSTEM.AnswerMutants;

/// <summary>One change to a rule of the math checker that the tests must notice.</summary>
/// <param name="Number">Its place in the list, from 1.</param>
/// <param name="File">The changed file, below src/ReSTEM.Answers.</param>
/// <param name="Old">What stands there, once.</param>
/// <param name="New">What stands there instead.</param>
internal sealed record Mutant(int Number, string File, string Old, string New)
{
    /// <summary>
    /// Reads a list: a line <c>File.cs</c>, then mutants of a line <c>- old</c> and a line <c>+ new</c>; blank lines and lines that start with
    /// <c>#</c> say nothing.
    /// </summary>
    /// <exception cref="FormatException">A line does not fit.</exception>
    internal static List<Mutant> ReadAll(string path)
    {
        var mutants = new List<Mutant>();
        string file = "";
        string? old = null;
        int number = 0;
        foreach (string line in System.IO.File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            switch (line[..Math.Min(2, line.Length)])
            {
                case "- " when old is null && file.Length > 0:
                    old = line[2..];
                    break;
                case "+ " or "+" when old is not null:
                    mutants.Add(new Mutant(mutants.Count + 1, file, old, line.Length > 2 ? line[2..] : ""));
                    old = null;
                    break;
                case not ("- " or "+ ") when old is null && line.EndsWith(".cs", StringComparison.Ordinal):
                    file = line;
                    break;
                default:
                    throw new FormatException($"{path}:{number}: expected a file, '- old' or '+ new', found: {line}");
            }
        }

        return mutants;
    }

    /// <summary>The source with the change.</summary>
    /// <exception cref="FormatException">The old text does not stand there exactly once.</exception>
    internal string Applied(string source)
    {
        int first = source.IndexOf(Old, StringComparison.Ordinal);
        if (first < 0 || source.IndexOf(Old, first + 1, StringComparison.Ordinal) >= 0)
        {
            throw new FormatException($"{File}: mutant {Number} expects this text once, found it {(first < 0 ? "never" : "more than once")}: {Old}");
        }

        return source[..first] + New + source[(first + Old.Length)..];
    }
}
