using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ReSTEM.Serving;

/// <summary>Serves <c>/run_code</c> in the form of SandboxFusion, for Python programs without files.</summary>
/// <remarks>https://bytedance.github.io/SandboxFusion/docs/api/run-code-run-code-post</remarks>
/// <param name="run">Runs programs.</param>
/// <param name="memoryMib">Address space of a run, MiB.</param>
/// <param name="admission">Bounds the requests.</param>
internal sealed class ProgramEndpoint(ProgramRunner run, int memoryMib, Admission admission)
{
    private const int MostSeconds = 3600;

    internal async Task AnswerAsync(HttpContext context, byte[] body)
    {
        RequestFields fields = RequestFields.Of(body);
        string code = fields.RequiredText("code", "a Python program");
        string language = fields.RequiredText("language", "python");
        double? seconds = fields.Number("run_timeout");
        string input = fields.Text("stdin") ?? "";
        if (language != "python")
        {
            throw ApiException.Of("language", $"language is '{language}', expected python.");
        }

        if (seconds is { } given && given is not (> 0 and <= MostSeconds))
        {
            throw ApiException.Of("run_timeout", $"run_timeout is {given}, expected more than 0 and at most {MostSeconds} seconds.");
        }

        _ = fields.Number("compile_timeout"); // nothing is compiled
        fields.OnlyNeutral("files", IsEmpty, "none");
        fields.OnlyNeutral("fetch_files", IsEmpty, "none");
        if (fields.Number("memory_limit_MB") is { } memory && memory < memoryMib)
        {
            throw ApiException.Of("memory_limit_MB", $"memory_limit_MB is {memory}, expected at least {memoryMib}, which every run gets here (restem serve --memory-mib).");
        }

        fields.RefuseOthers();
        using IDisposable place = admission.Enter(1);
        try
        {
            ProgramRun ended = await run(code, input, seconds is { } limit ? (int)Math.Ceiling(limit) : null, context.RequestAborted);
            await AnswerWriter.WriteAsync(context.Response, json => Write(json, ended), context.RequestAborted);
        }
        catch (InvalidOperationException fault)
        {
            await AnswerWriter.WriteAsync(context.Response, json => WriteEnds(json, "SandboxError", fault.Message, null), context.RequestAborted);
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static void Write(Utf8JsonWriter json, ProgramRun run) => WriteEnds(
        json, run is { TimedOut: false, Fault: "", ExitCode: 0 } ? "Success" : "Failed", run.Fault, run);

    private static void WriteEnds(Utf8JsonWriter json, string status, string message, ProgramRun? run)
    {
        json.WriteString("status", status);
        json.WriteString("message", message);
        json.WriteNull("compile_result");
        if (run is null)
        {
            json.WriteNull("run_result");
        }
        else
        {
            json.WriteStartObject("run_result");
            json.WriteString("status", run.TimedOut ? "TimeLimitExceeded" : run.Fault.Length > 0 ? "Error" : "Finished");
            json.WriteNumber("execution_time", run.Seconds);
            if (run.TimedOut)
            {
                json.WriteNull("return_code");
            }
            else
            {
                json.WriteNumber("return_code", run.ExitCode);
            }

            json.WriteString("stdout", run.Output);
            json.WriteString("stderr", run.Errors);
            json.WriteEndObject();
        }

        json.WriteNull("executor_pod_name");
        json.WriteStartObject("files");
        json.WriteEndObject();
    }
}
