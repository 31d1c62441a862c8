namespace ReSTEM.Runs;

/// <summary>What the fields of own data are called, where they are not called as here; <c>a.b</c> is the field b of the object in a.</summary>
public sealed record FieldNames
{
    /// <summary>The problem: a text, or a list of messages with one question; <c>prompt</c> or <c>question</c> where it is not named.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// The right answer; <c>answer</c> where it is not named. Of a worked answer what follows its last <c>####</c> counts, or else its
    /// last box. Without such a field it is taken from the solution in the same way.
    /// </summary>
    public string? Answer { get; init; }

    /// <summary>The written solution; <c>solution</c> where it is not named.</summary>
    public string? Solution { get; init; }

    /// <summary>The list of labels that the answer is one of; <c>choices</c> where it is not named.</summary>
    public string? Choices { get; init; }

    /// <summary>The id, unique in its set; <c>id</c> where it is not named. Rows without one are named after file and row.</summary>
    public string? Id { get; init; }

    /// <summary>What is asked for, <c>math</c> or <c>choice</c>; <c>task</c> where it is not named.</summary>
    public string? Task { get; init; }
}
