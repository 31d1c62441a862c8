using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

/// <summary>
/// What .NET calls in the program before its main method, where <c>DOTNET_STARTUP_HOOKS</c> names this assembly: by this name, in no namespace.
/// It calls the main method itself, once for every command line that standard input brings; see <c>WarmProgram</c>.
/// </summary>
internal static partial class StartupHook
{
    internal const string Variable = "DOTNET_STARTUP_HOOKS";

    private const int Input = 0;
    private const int DuplicateNotInherited = 1030; // F_DUPFD_CLOEXEC
    private const int FirstFree = 3;

    public static void Initialize()
    {
        System.Environment.SetEnvironmentVariable(Variable, null); // what the program starts is not asked so
        using var commands = new StreamReader(TakeInput());
        MethodInfo main = Assembly.Load("restem").EntryPoint!;
        while (commands.ReadLine() is { } line)
        {
            Command command = JsonSerializer.Deserialize<Command>(line)!;
            int exitCode = Run(main, command);
            GC.Collect();
            GC.WaitForPendingFinalizers(); // as the end of a process does, it closes what nobody closed
            Console.Out.Write($"{command.Mark}{exitCode}\n");
            Console.Error.Write($"{command.Mark}{exitCode}\n");
        }

        System.Environment.Exit(0);
    }

    private static int Run(MethodInfo main, Command command)
    {
        Directory.SetCurrentDirectory(command.Folder);
        var before = command.Environment.ToDictionary(pair => pair.Key, pair => System.Environment.GetEnvironmentVariable(pair.Key));
        SetEnvironment(command.Environment!);
        int exitCode = (int)main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [command.Arguments], null)!;
        SetEnvironment(before);
        Directory.SetCurrentDirectory("/");
        return exitCode;
    }

    private static void SetEnvironment(Dictionary<string, string?> values) =>
        values.ToList().ForEach(pair => System.Environment.SetEnvironmentVariable(pair.Key, pair.Value));

    /// <summary>Commands come where neither the program nor what it starts reads: for those standard input is empty.</summary>
    private static FileStream TakeInput()
    {
        var taken = new SafeFileHandle(Duplicate(Input, DuplicateNotInherited, FirstFree), ownsHandle: true);
        using SafeFileHandle nothing = File.OpenHandle("/dev/null");
        _ = Replace((int)nothing.DangerousGetHandle(), Input);
        return new FileStream(taken, FileAccess.Read);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Duplicate(int descriptor, int command, int first);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Replace(int from, int to);

    /// <param name="Mark">Is written to both streams when the command has ended, with its exit code.</param>
    /// <param name="Folder">Where it works.</param>
    /// <param name="Environment">Its own variables.</param>
    /// <param name="Arguments">What follows the program's name.</param>
    internal sealed record Command(string Mark, string Folder, Dictionary<string, string> Environment, string[] Arguments);
}
