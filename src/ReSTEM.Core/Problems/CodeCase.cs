namespace ReSTEM.Core;

/// <summary>One input of a code problem with the outputs that count as right.</summary>
/// <param name="Input">
/// Standard input as text; for <see cref="CodeTestForm.Calls"/> and <see cref="CodeTestForm.Reference"/> a JSON array of the positional
/// arguments, in which <see cref="PythonJson"/> says what JSON cannot.
/// </param>
/// <param name="Accepted">
/// At least one: standard output as text; for <see cref="CodeTestForm.Calls"/> JSON values. Any of them is right. Empty for
/// <see cref="CodeTestForm.Reference"/>.
/// </param>
public sealed record CodeCase(string Input, IReadOnlyList<string> Accepted)
{
    /// <summary>For <see cref="CodeTestForm.Calls"/>: what is called; empty for <see cref="CodeTests.EntryPoint"/>.</summary>
    public string Function { get; init; } = "";

    /// <summary>For <see cref="CodeTestForm.Calls"/>: a JSON object of the arguments given by name; empty for none.</summary>
    public string Named { get; init; } = "";
}
