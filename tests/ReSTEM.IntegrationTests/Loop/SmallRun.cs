using System.Security.Cryptography;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>A shipped configuration cut down to seconds.</summary>
internal sealed class SmallRun
{
    private readonly string _name;
    private readonly int _iterations;
    private readonly Lazy<(Restem Place, string Result)> _whole;

    private SmallRun(string name, string config, int iterations, params string[] settings)
    {
        (_name, _iterations) = (name, iterations);
        _whole = new(FinishWhole);
        Arguments = ["run", config, "--json", .. settings.Prepend($"iterations={iterations}").SelectMany(setting => new[] { "--set", setting })];
    }

    /// <summary>Mathematics alone.</summary>
    internal static SmallRun OfMathematics { get; } = new("quickstart-math", Shipped("quickstart-math"), 2, [.. Training(48, 12), .. Tests(24)]);

    /// <summary>The same with less of everything, where what matters is that two runs agree and not what they hold.</summary>
    internal static SmallRun Smallest { get; } = new("quickstart-math", Shipped("quickstart-math"), 2, [.. Training(16, 6), .. Tests(6)]);

    /// <summary>One iteration of three draws, the last from what was trained, where each draw takes several processes.</summary>
    internal static SmallRun OfThreeDraws { get; } = new("quickstart-math", WithoutValidation(), 1, ["problems.train.generate.count=16", .. Few, .. Tests(6)]);

    /// <summary>With functions that the sandbox judges.</summary>
    internal static SmallRun WithCode { get; } = new(
        "quickstart", Shipped("quickstart"), 2, [.. Training(24, 6), "evaluations.math.problems.generate.count=6", "evaluations.code.problems.generate.count=8"]);

    /// <summary>Mathematics alone; what is trained is an adapter.</summary>
    internal static SmallRun WithAdapter { get; } = new(
        "quickstart-math", Shipped("quickstart-math"), 2, [.. Training(16, 6), .. Tests(6), "m_step.optimizer.learning_rate=2e-3"]);

    internal string[] Arguments { get; }

    /// <summary>The result of a run with two threads that nothing disturbs; it is made once.</summary>
    internal string Whole => _whole.Value.Result;

    private static string[] Few => ["e_step.samples=4", "m_step.epochs=2"];

    private static string[] Training(int problems, int validation) =>
        [$"problems.train.generate.count={problems}", $"problems.validation.generate.count={validation}", "train_gap_samples=1", .. Few];

    private static string[] Tests(int problems) =>
        [$"evaluations.test.problems.generate.count={problems}", "evaluations.test.measure.samples=2", "evaluations.test.measure.k=[1,2]"];

    private static string Shipped(string name) => Path.Combine(Restem.Root, "configs", $"{name}.yaml");

    /// <summary>A configuration that measures at the beginning and at the end alone.</summary>
    private static string WithoutValidation()
    {
        string config = Kept(new Restem()).PathOf("without-validation.yaml");
        File.WriteAllText(config, $$"""
            name: quickstart-math
            extends: {{Shipped("quickstart-math")}}
            problems: {validation: }
            validation:
            evaluations: {test: {measure: {at: ends} } }
            train_gap_samples:
            """);
        return config;
    }

    private static Restem Kept(Restem place)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => place.Dispose();
        return place;
    }

    /// <summary>Puts that run where another would have written it; gives its result.</summary>
    internal string CopyTo(Restem restem)
    {
        string source = _whole.Value.Place.PathOf("runs"), target = restem.PathOf("runs");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return Whole;
    }

    /// <summary>Runs to the end; gives the ledger's digest and the SHA-256 of every iteration's weights.</summary>
    internal string Finish(Restem restem, (string Name, string Value)[] environment, params string[] more) =>
        Result(restem, restem.Run(environment, [.. Arguments, .. more]));

    /// <summary>The same of a run that has ended, by what it printed.</summary>
    internal string Result(Restem restem, string output)
    {
        using var summary = JsonDocument.Parse(output);
        string[] weights =
        [
            .. Directory.EnumerateFiles(restem.PathOf("runs", _name, "iterations"), "*model.safetensors", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))),
        ];
        Assert.Equal(_iterations, weights.Length);
        return string.Join('\n', [summary.RootElement.GetProperty("digest").GetString()!, .. weights]);
    }

    private string Result(Restem restem, (int ExitCode, string Output, string Errors) run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return Result(restem, run.Output);
    }

    /// <summary>In a process of its own: what others are compared with.</summary>
    private (Restem Place, string Result) FinishWhole()
    {
        Restem place = Kept(new Restem());
        return (place, Result(place, place.RunAlone([], [.. Arguments, "--set", "engine.threads=2"])));
    }
}
