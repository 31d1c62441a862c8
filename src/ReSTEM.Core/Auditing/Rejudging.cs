using System.Threading.Channels;

namespace ReSTEM.Core;

/// <summary>A finding that came out differently when its completion was judged again.</summary>
/// <param name="Ref">Names the sample.</param>
/// <param name="Before">The sample as the ledger has it.</param>
/// <param name="Now">What is found now.</param>
public sealed record ChangedFinding(SampleRef Ref, Sample Before, Finding Now);

/// <summary>Judges the samples of a run again, with the verifiers of today.</summary>
/// <param name="verifier">Of today.</param>
/// <param name="store">Has the samples.</param>
/// <param name="workers">Verifier calls at once, at least 1.</param>
public sealed class Rejudging(IVerifier verifier, ISampleStore store, int workers)
{
    private const int QueueLength = 512;

    private readonly VerdictCache _known = VerdictCache.ForRun();

    /// <summary>Findings of a draw that differ, problem by problem. Differences in measurements, such as processor time, are none.</summary>
    /// <param name="draw">Which draw.</param>
    /// <param name="problems">Its problems.</param>
    /// <param name="advance">Told how many samples were judged.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async IAsyncEnumerable<ChangedFinding> ChangesAsync(
        DrawId draw, IReadOnlyList<Problem> problems, Action<int> advance,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var judged = Channel.CreateBounded<(int Problem, List<ChangedFinding> Changes)>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
        Task judging = JudgeAsync(draw, problems, advance, judged.Writer, stop.Token);
        try
        {
            var waiting = new Dictionary<int, List<ChangedFinding>>();
            int next = 0;
            await foreach (var (problem, changes) in judged.Reader.ReadAllAsync(cancellationToken))
            {
                waiting.Add(problem, changes);
                for (; waiting.Remove(next, out List<ChangedFinding>? ready); next++)
                {
                    foreach (ChangedFinding change in ready)
                    {
                        yield return change;
                    }
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await judging;
    }

    private async Task JudgeAsync(
        DrawId draw, IReadOnlyList<Problem> problems, Action<int> advance, ChannelWriter<(int Problem, List<ChangedFinding> Changes)> writer,
        CancellationToken cancellationToken)
    {
        Exception? fault = null;
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, problems.Count),
                new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
                async (p, token) =>
                {
                    Problem problem = problems[p];
                    var changes = new List<ChangedFinding>();
                    IReadOnlyList<Sample> samples = store.Read(draw, problem.Id);
                    foreach (Sample sample in samples)
                    {
                        string text = sample.Completion.Text;
                        Finding now = await _known.GetAsync(problem, text, () => verifier.JudgeAsync(problem, text, token));
                        if (Findings.Differences(sample.Finding, now).Any())
                        {
                            changes.Add(new ChangedFinding(new SampleRef(draw, problem.Id, sample.Completion.Index), sample, now));
                        }
                    }

                    advance(samples.Count);
                    await writer.WriteAsync((p, changes), token);
                });
        }
        catch (Exception thrown)
        {
            fault = thrown;
            throw;
        }
        finally
        {
            writer.Complete(fault);
        }
    }
}
