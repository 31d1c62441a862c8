using System.Reflection;

namespace ReSTEM.Runs;

/// <summary>What stands in for test frameworks and packages where test code runs; in Python, in TestFrameworks.</summary>
internal static class TestFramework
{
    /// <summary>Gives the module <c>solution</c> the submission's names.</summary>
    internal static string Solution { get; } = Read("solution_module");

    /// <summary>Runs the classes of <c>unittest</c> in a namespace.</summary>
    internal static string Unittest { get; } = Read("unittest_runner");

    /// <summary>A module <c>pytest</c>, and what runs its functions and classes in a namespace.</summary>
    internal static string Pytest { get; } = Read("pytest_runner");

    /// <summary>The few names of <c>numpy</c> that EvalPlus's test code uses.</summary>
    internal static string Numpy { get; } = Read("numpy_comparison");

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"ReSTEM.Runs.{name}.py")
            ?? throw new InvalidOperationException($"The resource {name}.py is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
