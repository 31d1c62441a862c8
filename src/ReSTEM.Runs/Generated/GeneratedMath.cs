namespace ReSTEM.Runs;

/// <summary>A generated problem with a number as its answer.</summary>
/// <param name="Prompt">The text of the problem.</param>
/// <param name="Steps">Its solution.</param>
/// <param name="Shape">For metadata: how the problem is built.</param>
internal sealed record GeneratedMath(string Prompt, WrittenSteps Steps, string Shape);
