namespace ReSTEM.Core;

/// <summary>Has other processes draw and judge. What they give is what this process would have drawn: every random number is addressed by what it is for.</summary>
public interface IDrawExecutor
{
    /// <summary>Has a plan drawn as far as the store lacks it.</summary>
    /// <param name="policy">What is sampled.</param>
    /// <param name="plan">Problems, samples and random numbers.</param>
    /// <param name="store">Where samples go; asked for what is there already.</param>
    /// <param name="onSamples">Takes samples as they come, with verdicts, a part at a time; failed ones among them.</param>
    /// <param name="cancellationToken">Ends the other processes, which commit what they have.</param>
    /// <exception cref="EngineException">A part failed too often; the message says why.</exception>
    Task DrawAsync(PromptedPolicy policy, DrawPlan plan, ISampleStore store, Action<IReadOnlyList<Sample>> onSamples, CancellationToken cancellationToken);
}

/// <summary>Where a policy lies, for who opens it elsewhere.</summary>
/// <param name="Policy">Names it.</param>
/// <param name="IsTeacher">Whether it is sampled in place of the run's own, with its own tokenizer.</param>
public sealed record PolicySource(PolicyRef Policy, bool IsTeacher);
