using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ReSTEM.Core;
using ReSTEM.Hosting;

namespace ReSTEM.Serving;

/// <summary>
/// A model, and verifiers, behind the interface of OpenAI's API on 127.0.0.1. Answers are reproducible: the same seed gives the same tokens whatever else
/// is served, where the engine promises so.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private const string ProgramsPath = "/run_code";

    private readonly ServingOptions _options;
    private readonly Verification? _verification;
    private readonly TimeProvider _time;
    private readonly Metrics _metrics = new();
    private readonly RequestGuard _guard;
    private readonly Admission _drawing;
    private readonly Admission _judging;
    private readonly string _name;
    private ModelHost? _host;
    private VerifyEndpoint? _verify;
    private LocalServer? _server;

    private ApiServer(ServingOptions options, string name, Verification? verification, TimeProvider time)
    {
        (_options, _name, _verification, _time) = (options, name, verification, time);
        _guard = new RequestGuard(options, _metrics);
        _drawing = new Admission(options.MostWaiting, "completions");
        _judging = new Admission(options.MostWaiting, "requests to judge");
    }

    /// <summary>Where it is.</summary>
    public Uri Address => _server!.Address;

    /// <summary>Opens the model and starts to serve.</summary>
    /// <param name="model">What is served besides verification; null for nothing.</param>
    /// <param name="verification">Judges; null for a server that does not.</param>
    /// <param name="port">0 to 65535; 0 takes any that is free.</param>
    /// <param name="options">What is allowed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port cannot be had.</exception>
    /// <exception cref="InvalidDataException">The model cannot be opened.</exception>
    public static async Task<ApiServer> StartAsync(
        ModelToServe? model, Verification? verification, int port, ServingOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new ApiServer(options, model?.Name ?? "", verification, time);
        try
        {
            if (model is not null)
            {
                server._host = new ModelHost(model.Engine, model.Name, options.Notice);
                await server._host.LoadAsync(model.Policy, cancellationToken);
            }

            server._server = await LocalServer.StartAsync(port, server.Map, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops serving; answers that are under way get two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _verify?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        Add(routes.MapGet, "/health", _guard.Get(HealthAsync, isOpen: true));
        Add(routes.MapGet, "/metrics", _guard.Get(MetricsAsync));
        Add(routes.MapGet, "/v1/models", _guard.Get(ModelsAsync));
        if (_host is { } host)
        {
            var draws = new DrawEndpoint(host, _drawing, _metrics, _options, _time);
            Add(routes.MapPost, "/v1/completions", _guard.Post((context, body) => draws.AnswerAsync(
                context, body, new CompletionForm(), (fields, model, newSeed) => CompletionReader.Read(fields, model.Info, model.Name, newSeed))));
            Add(routes.MapPost, "/v1/chat/completions", _guard.Post((context, body) => draws.AnswerAsync(
                context, body, new ChatForm(), (fields, model, newSeed) => ChatReader.Read(
                    fields, model.Info, model.Name, newSeed, DateOnly.FromDateTime(_time.GetLocalNow().DateTime)))));
            if (_options.LoadRoots is { Count: > 0 } roots)
            {
                Add(routes.MapPost, "/v1/restem/load", _guard.Post((context, body) => LoadAsync(context, body, host, roots)));
            }
        }

        if (_verification is { } verification)
        {
            _verify = new VerifyEndpoint(verification, _judging, _metrics, _options);
            Add(routes.MapPost, "/v1/verify", _guard.Post(_verify.AnswerAsync));
            Add(routes.MapPost, ProgramsPath, _guard.Post(new ProgramEndpoint(verification.RunProgram, verification.MemoryMib, _judging).AnswerAsync));
        }

        routes.MapFallback("{*path}", _guard.Get(context => throw new ApiException(
            StatusCodes.Status404NotFound, $"{context.Request.Method} {context.Request.Path} is no part of this server{(_host is null ? ", which has no model (restem serve --model DIR)" : "")}."))).WithDisplayName("other");
    }

    // Metrics count by these names, which no caller can make up.
    private static void Add(Func<string, RequestDelegate, IEndpointConventionBuilder> map, string path, RequestDelegate serve) =>
        map(path, serve).WithDisplayName(path);

    private Task HealthAsync(HttpContext context)
    {
        bool isReady = _host is null || _host.Model is not null;
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return AnswerWriter.WriteAsync(context.Response, json =>
        {
            json.WriteString("status", isReady ? "ok" : "no model is loaded");
            json.WriteString("version", typeof(ApiServer).Assembly.GetName().Version?.ToString(3));
        }, context.RequestAborted);
    }

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(
            _metrics.Text(
                ("restem_completions_open", "Completions that are drawn or wait.", _drawing.Taken),
                ("restem_judging_open", "Requests that are judged.", _judging.Taken)),
            context.RequestAborted);
    }

    private Task ModelsAsync(HttpContext context) => AnswerWriter.WriteAsync(context.Response, json =>
    {
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        if (_host?.Model is { } model)
        {
            json.WriteStartObject();
            json.WriteString("id", model.Name);
            json.WriteString("object", "model");
            json.WriteNumber("created", 0);
            json.WriteString("owned_by", "restem");
            json.WriteNumber("max_model_len", model.Info.ContextLength);
            model.WriteIdentity(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }, context.RequestAborted);

    private static async Task LoadAsync(HttpContext context, byte[] body, ModelHost host, IReadOnlyList<string> roots)
    {
        PolicyRef policy = LoadReader.Read(RequestFields.Of(body), roots);
        try
        {
            await host.LoadAsync(policy, context.RequestAborted);
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or NotSupportedException)
        {
            throw new ApiException(StatusCodes.Status409Conflict, fault.Message, "folder");
        }

        await AnswerWriter.WriteAsync(context.Response, json => host.Model?.WriteIdentity(json), context.RequestAborted);
    }
}

/// <summary>A model to serve.</summary>
/// <param name="Engine">Computes.</param>
/// <param name="Policy">Its weights.</param>
/// <param name="Name">What callers call it.</param>
public sealed record ModelToServe(IEngine Engine, PolicyRef Policy, string Name);
