using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ReSTEM.Serving;

/// <summary>Faults as OpenAI's API tells them.</summary>
internal static class ApiFault
{
    private const int RetryAfterSeconds = 1;

    internal static void Write(Utf8JsonWriter json, ApiException fault)
    {
        json.WriteStartObject("error");
        json.WriteString("message", fault.Message);
        json.WriteString("type", fault.Type);
        json.WriteString("param", fault.Param);
        json.WriteNumber("code", fault.Status);
        json.WriteEndObject();
    }

    internal static Task AnswerAsync(HttpResponse response, ApiException fault, CancellationToken cancellationToken)
    {
        response.StatusCode = fault.Status;
        if (fault.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return AnswerWriter.WriteAsync(response, json => Write(json, fault), cancellationToken);
    }
}
