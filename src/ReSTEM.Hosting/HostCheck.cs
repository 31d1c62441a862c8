using Microsoft.AspNetCore.Http;

namespace ReSTEM.Hosting;

/// <summary>
/// Refuses requests that call this machine by a name from outside. A page of another site can have its own name resolved to 127.0.0.1
/// (DNS rebinding), and its program would then read whatever a local server answers: the name in the request gives it away.
/// </summary>
internal static class HostCheck
{
    private static readonly string[] Names = ["127.0.0.1", "localhost"];

    /// <summary>Passes on what is asked of this machine by its own name and the server's port.</summary>
    internal static Task Only(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        HostString host = context.Request.Host;
        return Names.Contains(host.Host, StringComparer.OrdinalIgnoreCase) && (host.Port ?? 80) == context.Connection.LocalPort
            ? next(context)
            : Refuse(context, $"Host is '{host}', expected 127.0.0.1:{context.Connection.LocalPort}: this server answers its own machine alone.");
    }

    private static Task Refuse(HttpContext context, string message)
    {
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message + "\n");
    }
}
