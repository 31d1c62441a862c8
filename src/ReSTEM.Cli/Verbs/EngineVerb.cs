using System.CommandLine;
using System.Diagnostics;
using ReSTEM.Core;
using ReSTEM.Plugins;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem engine</c>: <c>list</c>, <c>add</c>, <c>remove</c>, <c>show</c>.</summary>
internal static class EngineVerb
{
    internal static Command Create()
    {
        var verb = new Command(
            "engine",
            "Installs engines other than the built-in one, below the checkout's artifacts; nothing else on the system is changed.\n\n" +
            "Examples: restem engine list\n          restem engine add torch-cpu\n          restem run configs/quickstart-math.yaml --set engine.name=torch-cpu");
        verb.Subcommands.Add(List());
        verb.Subcommands.Add(Of("add", "Builds and installs an engine, and compares it with the managed one on a small model.", AddAsync));
        verb.Subcommands.Add(Of("remove", "Deletes an installed engine.", RemoveAsync));
        verb.Subcommands.Add(Of("show", "Loads an installed engine and shows its version and the devices that it can compute on.", (kind, _) => Task.FromResult(Show(kind))));
        return verb;
    }

    /// <summary>What an installed engine says of itself, in a process of its own: two builds of a library do not meet, and one that falls takes nothing with it.</summary>
    /// <param name="kind">An engine that is ready.</param>
    /// <returns>Lines; the fault in words where it cannot say.</returns>
    internal static IReadOnlyList<string> Ask(EngineKind kind)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["engine", "show", kind.Name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(line => line.StartsWith("error: ", StringComparison.Ordinal))?["error: ".Length..]
                ?? $"it fell with exit code {process.ExitCode} when it was loaded; install it again: {kind.AddCommand}"];
    }

    private static Command List()
    {
        var check = new Option<bool>("--check") { Description = "Compare the contents of every file with what was installed." };
        var list = new Command("list", "Shows which engines there are, and how they are installed.") { check };
        list.SetAction(parsed =>
        {
            bool isWhole = true;
            Console.WriteLine($"{"managed",-12}built in");
            foreach (EngineKind kind in EngineKind.All)
            {
                var found = EngineInstallation.Look(Checkout.Find(), kind, parsed.GetValue(check));
                isWhole &= found.State is EngineState.Absent or EngineState.Ready;
                Console.WriteLine($"{kind.Name,-12}{EngineLines.Of(found)}");
            }

            return isWhole ? ExitCode.Done : ExitCode.Failed;
        });
        return list;
    }

    private static Command Of(string name, string description, Func<EngineKind, CancellationToken, Task<int>> run)
    {
        var engine = new Argument<string>("NAME") { Description = $"One of {string.Join(", ", EngineKind.All.Select(kind => kind.Name))}." };
        var verb = new Command(name, $"{description}\n\nExample: restem engine {name} torch-cpu") { engine };
        verb.SetAction((parsed, cancellationToken) => run(Named(parsed.GetValue(engine)!), cancellationToken));
        return verb;
    }

    private static EngineKind Named(string name) => EngineKind.Named(name) ?? throw new UsageException(
        name == EngineNames.Of(EngineName.Managed) || name == EngineNames.Of(EngineName.Remote)
            ? $"the engine {name} is built in: there is nothing to install or to remove."
            : $"NAME is '{name}', expected one of {string.Join(", ", EngineKind.All.Select(kind => kind.Name))}.");

    private static async Task<int> AddAsync(EngineKind kind, CancellationToken cancellationToken)
    {
        bool isNew = await new EngineInstaller(Checkout.Find(), Say).AddAsync(
            kind, engine => ReferenceModel.UseAsync(model => EngineCheck.CompareAsync(engine, EngineWiring.Usual(), model, cancellationToken)), cancellationToken);
        Console.WriteLine($"{kind.Name} {(isNew ? "is installed" : "is installed already, whole and of these sources")}: --set engine.name={kind.Name} takes it.");
        CudaRequirements.OfSystem.Missing(kind).ToList().ForEach(missing => Say($"note: {missing}"));
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(EngineKind kind, CancellationToken cancellationToken)
    {
        bool wasThere = await new EngineInstaller(Checkout.Find(), Say).RemoveAsync(kind, cancellationToken);
        Console.WriteLine(wasThere ? $"{kind.Name} is removed." : $"{kind.Name} was not installed.");
        return ExitCode.Done;
    }

    private static int Show(EngineKind kind)
    {
        var found = EngineInstallation.Look(Checkout.Find(), kind, hashes: false);
        found.ThrowUnlessReady();
        IEnginePlugin plugin = EngineLoader.Load(kind, found.Folder);
        Console.WriteLine(plugin.LibraryVersion);
        foreach (EngineDevice device in plugin.Devices)
        {
            Console.WriteLine(EngineLines.Of(device));
        }

        return ExitCode.Done;
    }

    private static void Say(string line) => Console.Error.WriteLine(line);
}
