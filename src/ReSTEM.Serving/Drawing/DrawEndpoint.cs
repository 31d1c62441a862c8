using Microsoft.AspNetCore.Http;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Reads the body of one path.</summary>
internal delegate DrawOrder ReadOrder(RequestFields fields, ServedModel model, Func<ulong> newSeed);

/// <summary>Serves completions and chats.</summary>
/// <param name="host">Has the model.</param>
/// <param name="admission">Bounds what is drawn at once.</param>
/// <param name="metrics">Counts.</param>
/// <param name="options">Seeds.</param>
/// <param name="time">When an answer was made.</param>
internal sealed class DrawEndpoint(ModelHost host, Admission admission, Metrics metrics, ServingOptions options, TimeProvider time)
{
    private readonly RandomStream _seeds = RandomStream.Of(options.Seed, RandomPurpose.Sample).At(RandomStream.MaxIteration, "seeds of requests", 0);
    private long _number;

    internal async Task AnswerAsync(HttpContext context, byte[] body, IAnswerForm form, ReadOrder read)
    {
        long number = Interlocked.Increment(ref _number);
        RequestFields fields = RequestFields.Of(body);
        using ModelUse use = await host.EnterAsync(fields.Text("restem_weights"), context.RequestAborted);
        ServedModel model = use.Model;
        DrawOrder order = read(fields, model, () => NewSeed(number));
        fields.RefuseOthers();
        using IDisposable places = admission.Enter(order.ChoiceCount);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            metrics.Add("restem_prompt_tokens_total", order.Prompts.Sum(prompt => prompt.Ids.Count));
            var writer = new AnswerWriter(form, number, time.GetUtcNow().ToUnixTimeSeconds(), model, order);
            IReadOnlyList<ChoiceDraw> draws = order.DrawsNothing ? [] : [.. order.Prompts.SelectMany((prompt, place) => model.Desk.Begin(
                prompt.Ids, order.Options, Enumerable.Range(0, order.Count).Select(sample => order.StreamOf(place, sample)), end.Token))];
            int tokens = order.Streamed
                ? await StreamAsync(context.Response, writer, order, model.Info, draws, end.Token)
                : await WholeAsync(context.Response, writer, order, model, draws, end.Token);
            metrics.Add("restem_completion_tokens_total", tokens);
        }
        finally
        {
            await end.CancelAsync(); // what of it is still drawn, nobody waits for
        }
    }

    private static async Task<int> StreamAsync(
        HttpResponse response, AnswerWriter writer, DrawOrder order, ModelInfo model, IReadOnlyList<ChoiceDraw> draws, CancellationToken cancellationToken)
    {
        using var stream = new AnswerStream(response, writer, order, model);
        try
        {
            return await stream.RunAsync(draws, cancellationToken);
        }
        catch (ApiException fault) when (response.HasStarted)
        {
            await stream.FailAsync(json => ApiFault.Write(json, fault), cancellationToken);
            return 0;
        }
    }

    private static async Task<int> WholeAsync(
        HttpResponse response, AnswerWriter writer, DrawOrder order, ServedModel model, IReadOnlyList<ChoiceDraw> draws, CancellationToken cancellationToken)
    {
        float[][]? logs = order is { Echo: true, LogProbabilities: true }
            ? await model.Desk.ScoreAsync([.. order.Prompts.Select(prompt => prompt.Ids)], cancellationToken)
            : null;
        Completion[] completions = await Task.WhenAll(draws.Select(draw => draw.Completion)).WaitAsync(cancellationToken);
        List<Choice> choices = [.. Enumerable.Range(0, order.ChoiceCount).Select(index => new Choice(
            order.Prompts[index / order.Count],
            logs?[index / order.Count],
            completions.Length == 0 ? null : completions[index],
            completions.Length == 0 ? [] : [.. TokensOf(draws[index])],
            order,
            model.Info))];
        await AnswerWriter.WriteAsync(response, json => writer.WriteWhole(json, choices), cancellationToken);
        return choices.Sum(choice => choice.Tokens.Count);
    }

    private static IEnumerable<SaidToken> TokensOf(ChoiceDraw draw)
    {
        while (draw.Tokens.TryRead(out SaidToken token))
        {
            yield return token;
        }
    }

    // Told in the answer, so that it can be asked for again.
    private ulong NewSeed(long number)
    {
        var block = _seeds.Block((uint)number);
        return (((ulong)block.X1 << 32) | block.X0) >> 1; // as large as a request may bring
    }
}
