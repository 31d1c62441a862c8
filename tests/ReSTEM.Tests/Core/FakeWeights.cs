using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>All that a fake model knows: one skill per kind of problem, in a text file.</summary>
internal sealed record FakeWeights(IReadOnlyDictionary<string, double> Skills)
{
    private const string FileName = "weights.txt";

    internal string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    private string Text => string.Join('\n', Skills
        .OrderBy(skill => skill.Key, StringComparer.Ordinal)
        .Select(skill => string.Create(CultureInfo.InvariantCulture, $"{skill.Key}={skill.Value:R}")));

    internal static FakeWeights Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path)
            ? Parse(File.ReadAllText(path))
            : throw new InvalidDataException($"{path} does not exist, expected the weights of a fake model.");
    }

    internal static FakeWeights Parse(string text) => new(text.Split('\n').Select(line => line.Split('='))
        .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture)));

    public override string ToString() => Text;

    internal void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), Text);
    }

    /// <summary>How probably a problem is solved: logistic in skill minus difficulty.</summary>
    internal double SolveProbability(FakeProblem problem) => 1 / (1 + Math.Exp(problem.Difficulty - Skills[problem.Kind]));
}

/// <summary>A sum of two numbers, and how hard the fake model finds it.</summary>
internal readonly record struct FakeProblem(string Kind, int A, int B)
{
    internal int Sum => A + B;

    /// <summary>-2 to 2.</summary>
    internal double Difficulty => (Sum / 50.0) - 2;

    internal static IReadOnlyList<Problem> Make(string prefix, int count, int first) =>
        [.. Enumerable.Range(0, count).Select(i => Make($"{prefix}-{i:D3}", first + i))];

    /// <summary>Reads the last line of a prompt, so that few-shot examples before it do not matter.</summary>
    internal static FakeProblem Read(IReadOnlyList<int> promptIds)
    {
        string text = new([.. promptIds.Select(id => (char)id)]);
        string line = text.TrimEnd('\n').Split('\n')[^1];
        int[] numbers = [.. System.Text.RegularExpressions.Regex.Matches(line, "[0-9]+").Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture))];
        return new FakeProblem(line.StartsWith("Ann", StringComparison.Ordinal) ? "word" : "arithmetic", numbers[0], numbers[1]);
    }

    private static Problem Make(string id, int number)
    {
        var problem = new FakeProblem(number % 2 == 0 ? "arithmetic" : "word", (number * 37) % 101, (number * 59) % 97);
        return new Problem
        {
            Id = id,
            Task = TaskKind.Math,
            Prompt = problem.Kind == "word"
                ? $"Ann has {problem.A} apples & finds {problem.B} more. How many apples?\n"
                : $"{problem.A} + {problem.B} =\n",
            Reference = problem.Sum.ToString(CultureInfo.InvariantCulture),
            Solution = $"{problem.A}+{problem.B}={problem.Sum}\n#### {problem.Sum}",
            Metadata = new Dictionary<string, string> { ["kind"] = problem.Kind },
        };
    }
}
