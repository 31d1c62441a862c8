namespace ReSTEM.Tests;

/// <summary>What any server can do wrong, whatever program it is, and what is said of it.</summary>
internal static class ServerFaults
{
    /// <summary>What passes: a request is asked again.</summary>
    internal static IReadOnlyDictionary<string, (ProxyFault Fault, string Message)> Passing { get; } = new Dictionary<string, (ProxyFault Fault, string Message)>
    {
        ["429"] = (ProxyFault.Status(429, "{\"error\": {\"message\": \"too many.\"}}", "Retry-After: 1\r\n"), "429 Said: too many"),
        ["500"] = (ProxyFault.Status(500, "oops", type: "text/plain"), "500 Said: oops"),
        ["503"] = (ProxyFault.Status(503, "{}"), "503 Said: {}"),
        ["cut"] = (ProxyFault.Cut, "the connection was cut in the middle of its answer"),
        ["closed"] = (ProxyFault.Closed, "the connection was cut in the middle of its answer"),
        ["html"] = (ProxyFault.Status(200, "<!DOCTYPE html><h1>Login</h1>", type: "text/html"), "its answer cannot be used: it is '<!DOCTYPE html><h1>Login</h1>', expected a JSON object"),
        ["list"] = (ProxyFault.Status(200, "[]"), "its answer cannot be used: it is '[]', expected a JSON object"),
        ["empty"] = (ProxyFault.Status(200, ""), "its answer cannot be used: it is '', expected a JSON object"),
    };
    /// <summary>What does not pass: it is told at once.</summary>
    internal static IReadOnlyDictionary<string, (ProxyFault Fault, string Message)> Final { get; } = new Dictionary<string, (ProxyFault Fault, string Message)>
    {
        ["400"] = (ProxyFault.Status(400, "{\"error\": {\"message\": \"no.\"}}"), "400 Said: no"),
        ["401"] = (ProxyFault.Status(401, "{\"error\": {\"message\": \"who?\"}}"), "it refuses the API key (401 Said: who?); set engine.api_key_env to the variable that holds its key"),
        ["404"] = (ProxyFault.Status(404, "not here", type: "text/plain"), "404 Said: not here"),
        ["413"] = (ProxyFault.Status(413, "{}"), "413 Said: {}"),
    };
}
