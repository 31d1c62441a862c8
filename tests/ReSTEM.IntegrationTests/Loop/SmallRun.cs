using System.Security.Cryptography;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>A shipped configuration cut down to seconds.</summary>
internal sealed class SmallRun
{
    private const int Iterations = 2;

    private readonly string _name;
    private readonly Lazy<(Restem Place, string Result)> _whole;

    private SmallRun(string name, params string[] smaller)
    {
        _name = name;
        _whole = new(FinishWhole);
        string[] settings =
        [
            $"iterations={Iterations}", "problems.train.generate.count=48", "problems.validation.generate.count=12", "e_step.samples=4",
            "m_step.epochs=2", "train_gap_samples=1", .. smaller,
        ];
        Arguments =
        [
            "run", Path.Combine(Restem.Root, "configs", $"{name}.yaml"), "--json", .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
    }

    /// <summary>Mathematics alone.</summary>
    internal static SmallRun OfMathematics { get; } = new("quickstart-math", FewTests);

    /// <summary>With functions that the sandbox judges.</summary>
    internal static SmallRun WithCode { get; } = new(
        "quickstart", "evaluations.math.problems.generate.count=12", "evaluations.code.problems.generate.count=16");

    /// <summary>Mathematics alone; what is trained is an adapter.</summary>
    internal static SmallRun WithAdapter { get; } = new(
        "quickstart-math", [.. FewTests, "m_step.optimizer.learning_rate=2e-3"]);

    internal string[] Arguments { get; }

    /// <summary>The result of a run with two threads that nothing disturbs; it is made once.</summary>
    internal string Whole => _whole.Value.Result;

    private static string[] FewTests => ["evaluations.test.problems.generate.count=24", "evaluations.test.measure.samples=2", "evaluations.test.measure.k=[1,2]"];

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
    internal string Finish(Restem restem, (string Name, string Value)[] environment, params string[] more)
    {
        var (exitCode, output, errors) = restem.Run(environment, [.. Arguments, .. more]);
        Assert.True(exitCode == 0, errors);
        return Result(restem, output);
    }

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
        Assert.Equal(Iterations, weights.Length);
        return string.Join('\n', [summary.RootElement.GetProperty("digest").GetString()!, .. weights]);
    }

    private (Restem Place, string Result) FinishWhole()
    {
        var place = new Restem();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => place.Dispose();
        return (place, Finish(place, [], "--set", "engine.threads=2"));
    }
}
