using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>An answer as server-sent events, one data line each; several choices in whatever order they come.</summary>
/// <param name="response">Where.</param>
/// <param name="writer">Writes parts.</param>
/// <param name="order">What was asked for.</param>
/// <param name="model">Decodes.</param>
internal sealed class AnswerStream(HttpResponse response, AnswerWriter writer, DrawOrder order, ModelInfo model) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Says all choices and ends.</summary>
    /// <returns>Tokens drawn.</returns>
    internal async Task<int> RunAsync(IReadOnlyList<ChoiceDraw> draws, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.Body.FlushAsync(cancellationToken); // the caller sees that it is served
        int[] counts = await Task.WhenAll(draws.Select((draw, index) => SayAsync(draw, index, cancellationToken)));
        if (order.StreamsUsage)
        {
            await SendAsync(AnswerWriter.Bytes(json => writer.WriteUsagePart(json, counts.Sum())), cancellationToken);
        }

        await SendAsync("[DONE]"u8.ToArray(), cancellationToken);
        return counts.Sum();
    }

    /// <summary>Ends a stream that cannot go on.</summary>
    internal Task FailAsync(Action<Utf8JsonWriter> fault, CancellationToken cancellationToken) => SendAsync(AnswerWriter.Bytes(fault), cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<int> SayAsync(ChoiceDraw draw, int index, CancellationToken cancellationToken)
    {
        var text = new StreamedText(model, order.Options.Stop);
        List<SaidToken> unsaid = [];
        int offset = 0, count = 0;
        bool isFirst = true;
        while (await draw.Tokens.WaitToReadAsync(cancellationToken))
        {
            string said = "";
            while (draw.Tokens.TryRead(out SaidToken token))
            {
                said += text.Append(token.Id);
                unsaid.Add(token);
                count++;
            }

            if (said.Length > 0)
            {
                await PartAsync(said, null);
            }
        }

        Completion completion = await draw.Completion;
        await PartAsync(text.Rest(completion), Choice.NameOf(completion.FinishReason));
        return count;

        async Task PartAsync(string said, string? reason)
        {
            var part = new StreamPart(index, said, unsaid, offset, isFirst, reason);
            await SendAsync(AnswerWriter.Bytes(json => writer.WritePart(json, part)), cancellationToken);
            (unsaid, isFirst) = ([], false);
            offset += said.Length;
        }
    }

    private async Task SendAsync(byte[] data, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await response.Body.WriteAsync((byte[])[.. "data: "u8, .. data, .. "\n\n"u8], cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }
}
