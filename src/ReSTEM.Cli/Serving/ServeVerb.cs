using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;
using ReSTEM.Serving;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem serve</c>.</summary>
internal static class ServeVerb
{
    internal static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "Hugging Face model folder; without it the server only judges." };
        var name = new Option<string?>("--model-name") { Description = "What callers call the model; the folder's name if left out." };
        var serving = new ServeArguments();
        var computing = new EngineArguments();
        var sandbox = new SandboxArguments();
        var answers = new AnswerArguments();
        var verb = new Command(
            "serve",
            "Serves a model and the verifiers to this machine, over HTTP: /v1/completions, /v1/chat/completions and /v1/models as OpenAI's API has them, " +
            "/v1/verify for rows that verify takes, /run_code as SandboxFusion has it, /health and /metrics.\n\n" +
            "The same seed gives the same tokens whatever else is served. SIGTERM or Ctrl-C ends it.\n\n" +
            "Examples: restem serve --model DIR\n          restem serve --port 8001 --api-key-env KEY")
        {
            model, name,
        };
        serving.AddTo(verb);
        computing.AddTo(verb);
        sandbox.AddTo(verb);
        answers.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            int port = serving.Port(parsed);
            ServingOptions options = serving.Read(parsed);
            if (parsed.GetValue(model) is null && (parsed.GetValue(name) is not null || options.LoadRoots.Count > 0))
            {
                throw new UsageException($"{(parsed.GetValue(name) is null ? "--load-from" : "--model-name")} is given without --model, expected both.");
            }

            ModelToServe? served = parsed.GetValue(model) is { } folder
                ? Served(EngineWiring.Create(computing.Over(parsed, new EngineConfig()), trains: false).Engine, folder, parsed.GetValue(name))
                : null;
            return await ServeAsync(served, sandbox.Read(parsed) with { LastNumber = answers.LastNumber(parsed) }, port, options, cancellationToken);
        });
        return verb;
    }

    private static ModelToServe Served(IEngine engine, string folder, string? name)
    {
        var (policy, _) = Given.Model(engine, "--model", folder);
        return new ModelToServe(engine, policy, name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
    }

    // Apart, so that the framework of web servers is loaded where one is wanted.
    private static async Task<int> ServeAsync(
        ModelToServe? model, VerifierConfig judging, int port, ServingOptions options, CancellationToken cancellationToken)
    {
        await using var verifiers = new ServedVerifiers(judging);
        await using ApiServer server = await ApiServer.StartAsync(model, verifiers.Verification, port, options, TimeProvider.System, cancellationToken);
        Console.WriteLine($"serving {(model is null ? "verifiers" : $"{model.Name} and verifiers")}: {server.Address} (Ctrl-C ends it)");
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Done; // to be stopped is how a server ends
    }
}
