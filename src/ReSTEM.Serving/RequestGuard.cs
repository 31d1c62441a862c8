using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ReSTEM.Serving;

/// <summary>What holds for every request: the key, the form and length of its body, and that every fault is told in one form.</summary>
/// <param name="options">The key and the limit.</param>
/// <param name="metrics">Counts answers.</param>
internal sealed class RequestGuard(ServingOptions options, Metrics metrics)
{
    private const string Scheme = "Bearer ";

    /// <summary>What a page of another site cannot send without asking first, which it is not permitted to.</summary>
    private static readonly string[] BodyTypes = ["application/json", "application/jsonl", "application/x-ndjson"];

    /// <summary>Serves a request without a body.</summary>
    internal RequestDelegate Get(Func<HttpContext, Task> serve, bool isOpen = false) => context => ServeAsync(context, isOpen, () => serve(context));

    /// <summary>Serves a request with one.</summary>
    internal RequestDelegate Post(Func<HttpContext, byte[], Task> serve) => context => ServeAsync(
        context, isOpen: false, async () => await serve(context, await BodyAsync(context)));

    private async Task ServeAsync(HttpContext context, bool isOpen, Func<Task> serve)
    {
        try
        {
            if (!isOpen)
            {
                RequireKey(context.Request);
            }

            await serve();
        }
        catch (ApiException fault) when (!context.Response.HasStarted)
        {
            await ApiFault.AnswerAsync(context.Response, fault, context.RequestAborted);
        }
        catch (BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            string message = fault.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"the body has more than {options.MostBodyBytes} bytes, expected at most so many; send less at once."
                : fault.Message;
            await ApiFault.AnswerAsync(context.Response, new ApiException(fault.StatusCode, message), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // the caller has gone
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !context.Response.HasStarted)
        {
            // Nothing that a caller asks for ends the server: he is told, and so is its owner.
            options.Notice($"{context.Request.Path}: {fault.Message}");
            await ApiFault.AnswerAsync(
                context.Response, new ApiException(StatusCodes.Status500InternalServerError, fault.Message), context.RequestAborted);
        }
        finally
        {
            metrics.Answered(context.GetEndpoint()?.DisplayName ?? "other", context.Response.StatusCode);
        }
    }

    private void RequireKey(HttpRequest request)
    {
        if (options.ApiKey is not { } key)
        {
            return;
        }

        string given = request.Headers.Authorization.ToString();
        bool isRight = given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[Scheme.Length..]), Encoding.UTF8.GetBytes(key));
        if (!isRight)
        {
            throw new ApiException(
                StatusCodes.Status401Unauthorized, $"the API key is {(given.Length == 0 ? "missing" : "another one")}, expected the server's as Authorization: Bearer KEY.");
        }
    }

    private async Task<byte[]> BodyAsync(HttpContext context)
    {
        string type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!BodyTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new ApiException(
                StatusCodes.Status415UnsupportedMediaType, $"Content-Type is '{type}', expected {string.Join(" or ", BodyTypes)}.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.MostBodyBytes;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
