namespace ReSTEM.Answers;

/// <summary>A text is no expression; the reader then takes it as words. Never leaves <see cref="AnswerReader"/>.</summary>
internal sealed class UnreadableException(string message) : Exception(message);
