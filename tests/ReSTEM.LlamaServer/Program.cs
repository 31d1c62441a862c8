using System.Globalization;
using ReSTEM.LlamaServer;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ["--model", var path, "--alias", var alias, "--port", var port])
{
    Console.Error.WriteLine("usage: --model FILE.gguf --alias NAME --port PORT");
    return 2;
}

using var model = LlamaModel.Open(path);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
WebApplication application = builder.Build();
new CompletionServer(model, path, alias).Map(application);
await application.StartAsync();
Console.WriteLine($"listening on {application.Urls.Single()}/");
await application.WaitForShutdownAsync();
return 0;
