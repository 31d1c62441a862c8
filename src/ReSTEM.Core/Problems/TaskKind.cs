namespace ReSTEM.Core;

/// <summary>What kind of answer a problem asks for, and so which verifier judges it.</summary>
public enum TaskKind
{
    /// <summary>A mathematical answer, judged by equivalence.</summary>
    Math,

    /// <summary>A label or an exact answer, judged by the task's exact-match rule.</summary>
    Choice,

    /// <summary>A program, judged by running its tests in the sandbox.</summary>
    Code,

    /// <summary>One of the labels of a set, judged by what annotators said; measured by the probabilities of all labels.</summary>
    Classify,
}
