using System.Diagnostics;
using System.Text.Json;
using ReSTEM.Models;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>A whole run that samples at a server of llama.cpp, which is started with the weights of each iteration and killed in between.</summary>
public sealed class LlamaRunTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [LlamaFact]
    public async Task A_run_whose_server_is_killed_and_started_again_ends()
    {
        int port;
        string file = ServedLlama.Export(PathOf("first.gguf"));
        using (ServedLlama probe = ServedLlama.Start(file))
        {
            port = probe.Address.Port; // free now
        }

        WriteScripts(port);
        Start("sh", [PathOf("load.sh")], ("RESTEM_FOLDER", ServedLlama.Base), ("RESTEM_MODEL", ServedLlama.AliasOf(ServedLlama.Base))).WaitForExit();
        using Process run = Start(InstalledEngines.Program, Arguments(port));
        Task<string> output = run.StandardOutput.ReadToEndAsync();
        List<string> errors = [];
        int deaths = 0;
        while (await run.StandardError.ReadLineAsync() is { } line)
        {
            errors.Add(line);
            if (line.Contains("e-step", StringComparison.Ordinal) && deaths < 2)
            {
                deaths++;
                using Process again = Start("sh", [PathOf("again.sh")]);
                await again.WaitForExitAsync();
            }
        }

        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, string.Join('\n', errors));
        Assert.Equal(2, deaths);
        using var summary = JsonDocument.Parse(await output);
        Assert.Equal("complete", summary.RootElement.GetProperty("status").GetString());
        Assert.Contains(errors, line => line.StartsWith("note: llama.cpp (LLamaSharp.Backend.Cpu 0.30.0) does not promise the same bits again", StringComparison.Ordinal));
        string[] weights = [.. Directory.EnumerateDirectories(PathOf("runs/quickstart-math/iterations")).Order(StringComparer.Ordinal).Select(folder => ModelFolder.WeightsSha256(Path.Combine(folder, "policy"))[..16])];
        string[] served = [.. File.ReadAllLines(PathOf("served.txt")).Distinct()];
        Assert.Equal(["quickstart-" + ModelFolder.WeightsSha256(ServedLlama.Base)[..16], .. weights.Select(sha => "quickstart-" + sha)], served);
    }

    public void Dispose()
    {
        if (File.Exists(PathOf("pid")))
        {
            Start("sh", ["-c", $"kill -9 $(cat '{PathOf("pid")}')"]).WaitForExit();
        }

        _scratch.Dispose();
    }

    /// <summary>What a user has: a program that exports weights and starts the server with them, and here one that kills it and starts it again.</summary>
    private void WriteScripts(int port)
    {
        File.WriteAllText(PathOf("load.sh"), $"""
            set -e
            cd '{_scratch.Path}'
            '{InstalledEngines.Program}' export "$RESTEM_FOLDER" --format gguf --output "$RESTEM_MODEL.gguf" >export.log 2>&1
            echo "$RESTEM_MODEL" >>served.txt
            echo "$RESTEM_MODEL" >now
            sh again.sh
            """);
        File.WriteAllText(PathOf("again.sh"), $"""
            cd '{_scratch.Path}'
            if [ -e pid ]; then kill -9 $(cat pid); sleep 0.2; fi
            setsid '{ServedLlama.Program}' --model "$(cat now).gguf" --alias "$(cat now)" --port {port} >server.log 2>&1 &
            echo $! >pid
            """);
    }

    private string[] Arguments(int port)
    {
        string[] settings =
        [
            "iterations=2", $"base={ServedLlama.Base}", "engine.name=remote", "engine.server=llama-cpp", "engine.model=quickstart", "engine.train=managed", $"engine.endpoints=[http://127.0.0.1:{port}]",
            $"engine.load_command=[sh, {PathOf("load.sh")}]", "problems.train.generate.count=12", "problems.validation.generate.count=4", "train_gap_samples=1", "e_step.samples=4",
            "m_step.epochs=1", "evaluations.test.problems.generate.count=4", "evaluations.test.measure.samples=2", "evaluations.test.measure.k=[1,2]",
        ];
        return ["run", Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart-math.yaml"), "--json", .. settings.SelectMany(setting => new[] { "--set", setting })];
    }

    private Process Start(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _scratch.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private string PathOf(string name) => Path.Combine(_scratch.Path, name);
}
