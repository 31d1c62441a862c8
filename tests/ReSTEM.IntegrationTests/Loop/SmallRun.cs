using System.Security.Cryptography;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>A shipped configuration cut down to seconds.</summary>
internal sealed class SmallRun
{
    private const int Iterations = 2;

    private readonly string _name;

    private SmallRun(string name, params string[] smaller)
    {
        _name = name;
        string[] settings =
        [
            $"iterations={Iterations}", "problems.train.generate.count=48", "problems.validation.generate.count=12", "e_step.samples=4",
            "m_step.epochs=2", .. smaller,
        ];
        Arguments =
        [
            "run", Path.Combine(Restem.Root, "configs", $"{name}.yaml"), "--json", .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
    }

    /// <summary>Mathematics alone.</summary>
    internal static SmallRun OfMathematics { get; } = new("quickstart-math", "evaluations.test.problems.generate.count=24");

    /// <summary>With functions that the sandbox judges.</summary>
    internal static SmallRun WithCode { get; } = new(
        "quickstart", "evaluations.math.problems.generate.count=12", "evaluations.code.problems.generate.count=16");

    /// <summary>Mathematics alone; what is trained is an adapter.</summary>
    internal static SmallRun WithAdapter { get; } = new(
        "quickstart-math", "evaluations.test.problems.generate.count=24", "m_step.optimizer.learning_rate=2e-3");

    internal string[] Arguments { get; }

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
}
