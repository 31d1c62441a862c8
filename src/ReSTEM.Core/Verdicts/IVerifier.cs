namespace ReSTEM.Core;

/// <summary>Judges completions. Safe for use from several threads at once.</summary>
public interface IVerifier
{
    /// <summary>
    /// Name and version of what judges a task, for example <c>math 1</c>; changes whenever a verdict may, also with an interpreter.
    /// </summary>
    /// <param name="task">A task that this verifier handles.</param>
    string VersionOf(TaskKind task);

    /// <summary>Judges one completion; a bad completion is data, so this never throws because of one.</summary>
    /// <param name="problem">The problem; its <see cref="Problem.Task"/> must be one this verifier handles.</param>
    /// <param name="completion">The generated text, prompt not included.</param>
    /// <param name="cancellationToken">Abandons the judgement.</param>
    ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken);

    /// <summary>Whether two answers to one problem are the same answer, for majority voting where a key is missing.</summary>
    /// <param name="problem">The problem that both answer.</param>
    /// <param name="answer">An <see cref="Finding.Answer"/> of this verifier.</param>
    /// <param name="other">Another one.</param>
    bool SameAnswer(Problem problem, string answer, string other);
}
