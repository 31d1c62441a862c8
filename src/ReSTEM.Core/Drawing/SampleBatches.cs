using System.Threading.Channels;

namespace ReSTEM.Core;

/// <summary>
/// Judged samples in batches for the ledger. A transaction writes whole pages and waits for the disk, so there is one an interval and
/// not one a sample: what a crash can lose is drawn again within the same time.
/// </summary>
internal static class SampleBatches
{
    private const int MostSamples = 4096; // a batch lies in memory

    /// <summary>Batches until the channel ends; none is empty, and none waits longer than the interval.</summary>
    internal static async IAsyncEnumerable<List<Sample>> Of(ChannelReader<Sample> reader, TimeSpan interval)
    {
        var batch = new List<Sample>();
        Task due = Task.Delay(Timeout.Infinite, CancellationToken.None);
        Task<bool> more = reader.WaitToReadAsync(CancellationToken.None).AsTask();
        while (await Task.WhenAny(more, due) == due || await more)
        {
            if (more.IsCompletedSuccessfully)
            {
                due = batch.Count == 0 ? Task.Delay(interval, CancellationToken.None) : due;
                while (batch.Count < MostSamples && reader.TryRead(out Sample? sample))
                {
                    batch.Add(sample);
                }

                more = reader.WaitToReadAsync(CancellationToken.None).AsTask();
            }

            if (due.IsCompleted || batch.Count == MostSamples)
            {
                yield return batch;
                batch = [];
                due = Task.Delay(Timeout.Infinite, CancellationToken.None);
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
