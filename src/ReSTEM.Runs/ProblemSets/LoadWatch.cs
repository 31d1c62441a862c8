namespace ReSTEM.Runs;

/// <summary>Watches problems being made, read and encoded: says how far long work is, and ends it when it is no longer wanted.</summary>
/// <param name="report">Told now and then what is done, how many of how many.</param>
/// <param name="cancellationToken">Ends the work.</param>
public sealed class LoadWatch(Action<string, long, long> report, CancellationToken cancellationToken)
{
    private const long Often = 1024;

    /// <summary>Says nothing and never ends anything.</summary>
    public static LoadWatch None { get; } = new((_, _, _) => { }, CancellationToken.None);

    /// <summary>One more is done.</summary>
    /// <param name="what">What is done, for people: <c>train: problems made</c>.</param>
    /// <param name="done">So many.</param>
    /// <param name="total">Of so many.</param>
    /// <exception cref="OperationCanceledException">The work is no longer wanted.</exception>
    public void Step(string what, long done, long total)
    {
        if (done % Often == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            report(what, done, total);
        }
    }
}
