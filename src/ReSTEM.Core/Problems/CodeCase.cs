namespace ReSTEM.Core;

/// <summary>One input of a code problem with the outputs that count as right.</summary>
/// <param name="Input">
/// Standard input as text; for <see cref="CodeTestForm.Calls"/> a JSON array of the positional arguments.
/// </param>
/// <param name="Accepted">
/// At least one: standard output as text; for <see cref="CodeTestForm.Calls"/> JSON values. Any of them is right.
/// </param>
public sealed record CodeCase(string Input, IReadOnlyList<string> Accepted);
