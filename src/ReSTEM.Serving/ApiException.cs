using Microsoft.AspNetCore.Http;

namespace ReSTEM.Serving;

/// <summary>A request that is not served; told in the form of OpenAI's API.</summary>
/// <param name="status">The answer's status.</param>
/// <param name="message">What is wrong, with what was given and what is allowed.</param>
/// <param name="param">The field that is wrong; null where it is none.</param>
internal sealed class ApiException(int status, string message, string? param = null) : Exception(message)
{
    internal int Status => status;

    internal string? Param => param;

    /// <summary>The kind of fault, by status.</summary>
    internal string Type => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>A field that is not as it should be.</summary>
    internal static ApiException Of(string param, string fault) => new(StatusCodes.Status400BadRequest, fault, param);
}
