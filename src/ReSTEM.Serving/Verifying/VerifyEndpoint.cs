using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace ReSTEM.Serving;

/// <summary>
/// Serves <c>/v1/verify</c>: rows of JSON, one a line, to findings, one a line in the same order, each as soon as it and those before it are there.
/// </summary>
/// <param name="verification">Judges.</param>
/// <param name="admission">Bounds the requests.</param>
/// <param name="metrics">Counts.</param>
/// <param name="options">How many rows are judged at once.</param>
internal sealed class VerifyEndpoint(Verification verification, Admission admission, Metrics metrics, ServingOptions options) : IDisposable
{
    private const int RowsPerJudge = 16; // as `restem verify` has them under way

    private readonly SemaphoreSlim _places = new(RowsPerJudge * options.Judges);

    internal async Task AnswerAsync(HttpContext context, byte[] body)
    {
        string[] lines = Encoding.UTF8.GetString(body).Split('\n');
        using IDisposable place = admission.Enter(1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        context.Response.ContentType = "application/jsonl; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var pending = Channel.CreateBounded<Task<string>>(RowsPerJudge * options.Judges);
        Task feeding = FeedAsync(lines, pending.Writer, end.Token);
        try
        {
            while (await pending.Reader.WaitToReadAsync(end.Token))
            {
                while (pending.Reader.TryRead(out Task<string>? judging))
                {
                    string finding = await judging;
                    metrics.Add("restem_verified_rows_total", 1);
                    await context.Response.WriteAsync(finding + "\n", end.Token);
                    if (!pending.Reader.TryPeek(out Task<string>? next) || !next.IsCompleted)
                    {
                        await context.Response.Body.FlushAsync(end.Token);
                    }
                }
            }

            await feeding;
        }
        finally
        {
            await end.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task FeedAsync(string[] lines, ChannelWriter<Task<string>> writer, CancellationToken cancellationToken)
    {
        try
        {
            for (int index = 0; index < lines.Length; index++)
            {
                string line = lines[index];
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                await _places.WaitAsync(cancellationToken);
                int number = index + 1;
                await writer.WriteAsync(Task.Run(() => JudgeAsync(line, number, cancellationToken), CancellationToken.None), cancellationToken);
            }
        }
        finally
        {
            writer.Complete();
        }
    }

    private async Task<string> JudgeAsync(string row, int line, CancellationToken cancellationToken)
    {
        try
        {
            return await verification.Judge(row, line, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }
}
