using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What a command line names, read before any work: whatever is wrong with it is bad usage.</summary>
internal static class Given
{
    /// <summary>Reads something.</summary>
    /// <param name="what">What cannot be used if it fails, for the message; empty where the fault names it.</param>
    /// <param name="read">Reads it.</param>
    /// <exception cref="UsageException">It cannot be used.</exception>
    internal static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException or EngineException)
        {
            string reason = fault is FileNotFoundException { FileName.Length: > 0 } missing ? Failure.Missing(missing)
                : fault is InvalidDataException or NotSupportedException or EngineException ? fault.Message
                : fault.Message.TrimEnd('.') + ".";
            throw new UsageException(what.Length == 0 ? reason : $"{what} cannot be used: {reason}");
        }
    }

    /// <summary>A model folder, named and described.</summary>
    /// <exception cref="UsageException">It cannot be used.</exception>
    internal static (PolicyRef Policy, ModelInfo Info) Model(IEngine engine, string option, string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new UsageException($"{option} is empty, expected a model folder.");
        }

        return Read($"{option} '{folder}'", () =>
        {
            PolicyRef policy = engine.Resolve(folder);
            return (policy, engine.Describe(policy));
        });
    }

    /// <summary>Problem files, each a set named after its file, or as <c>NAME=FILE</c> says.</summary>
    /// <param name="files">From <c>--problems</c>.</param>
    /// <param name="reading">How they are read.</param>
    /// <param name="limit">Problems drawn at random from each; 0 takes all.</param>
    /// <param name="seed">For that draw.</param>
    /// <exception cref="UsageException">A file cannot be used, or two sets have one name.</exception>
    internal static IReadOnlyList<ProblemSet> Problems(IReadOnlyList<string> files, ProblemReadOptions reading, int limit, ulong seed)
    {
        InputOutput.InRange("--limit", limit, 0, int.MaxValue);
        var sets = new List<ProblemSet>();
        foreach (string given in files)
        {
            var (name, file) = NameAndFile(given);
            if (sets.Any(set => set.Name == name))
            {
                throw new UsageException($"--problems has two sets named '{name}', expected different names; call one something else: --problems NAME={file}");
            }

            sets.Add(Read("", () => ProblemSet.Load(name, new ProblemSource { Files = [file], Limit = limit, Task = reading.Task, Fields = reading.Fields }, seed)));
        }

        return sets;
    }

    private static (string Name, string File) NameAndFile(string given)
    {
        int equals = given.IndexOf('=', StringComparison.Ordinal);
        var (name, file) = equals > 0 && !File.Exists(given) ? (given[..equals], given[(equals + 1)..]) : (Path.GetFileName(given).Split('.')[0], given);
        return string.IsNullOrWhiteSpace(file) ? throw new UsageException("--problems is empty, expected a problem file.")
            : Directory.Exists(file) ? throw new UsageException($"--problems is {file}, a folder, expected a file.")
            : (name, file);
    }
}
