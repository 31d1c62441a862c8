namespace ReSTEM.Answers;

/// <summary>An expression has no value, such as 1/0; caught where expressions are compared.</summary>
internal sealed class UndefinedException(string message) : Exception(message);
