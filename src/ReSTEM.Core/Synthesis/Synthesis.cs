using System.Globalization;

namespace ReSTEM.Core;

/// <summary>
/// Makes labelled texts in rounds: each draws what is missing, every completion goes to the ledger, and what is kept is a function of what the ledger
/// has. So it goes on after any interruption, to the same bits.
/// </summary>
/// <param name="options">What is asked.</param>
/// <param name="ledger">Remembers.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="time">For the costs.</param>
public sealed class Synthesis(SynthesisOptions options, IRunLedger ledger, ILoopProgress progress, TimeProvider time)
{
    /// <summary>Name of a round's phase.</summary>
    public const string Phase = "synthesis";

    /// <summary>Makes what is left.</summary>
    /// <param name="open">Opens the generator; not asked where nothing is left to draw. The caller disposes it.</param>
    /// <param name="cancellationToken">Stops; what was drawn stays.</param>
    /// <exception cref="InvalidOperationException">After all rounds a label lacks texts; the message says what became of its completions.</exception>
    public async Task<TextPool> RunAsync(Func<PromptedPolicy> open, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(ledger.Phases, progress, options.Rounds, time);
        var drawing = new Drawing(
            new LeakVerifier(options), ledger.Samples, clock,
            new DrawingOptions { Prompt = options.Prompt, VerifierFailureLimit = 0, VerifierWorkers = 1 }, VerdictCache.ForRun());
        var pool = new TextPool(options);
        for (int round = 1; round <= options.Rounds && pool.IsShort; round++)
        {
            var prompts = DataPrompts.Of(options, round, pool.NextRound());
            var plan = new DrawPlan(
                DrawId.Synthesis(round), [.. prompts.Select(prompt => prompt.Problem)], 1, options.Sampling, RandomStream.Of(options.Seed, RandomPurpose.Synthesis));
            await clock.RunAsync(round, Phase, "texts", prompts.Count, async () =>
            {
                await drawing.DrawAsync(open(), plan, cancellationToken);
                return string.Create(CultureInfo.InvariantCulture, $"{prompts.Count:N0} completions");
            });
            foreach (DataPrompt prompt in prompts)
            {
                pool.Add(prompt, ledger.Samples.Read(plan.Draw, prompt.Problem.Id)[0]);
            }
        }

        return pool.IsShort ? throw new InvalidOperationException(Shortage(pool)) : pool;
    }

    private string Shortage(TextPool pool)
    {
        var (label, counts) = pool.Counts.First(entry => entry.Counts.Kept < options.PerLabel);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"label '{label}' has {counts.Kept} texts after {options.Rounds} rounds, expected {options.PerLabel}: of {counts.Drawn} completions {counts.Empty} were empty, {counts.Unfinished} unfinished, {counts.Leaks} leaks of the prompt, {counts.Copies} copies of real texts, {counts.Duplicates} duplicates. ") +
            "Vary the prompt more (attributes, a higher temperature), allow more tokens, ask for fewer texts, or for more rounds (limits.rounds): with more rounds the same command goes on.";
    }
}
