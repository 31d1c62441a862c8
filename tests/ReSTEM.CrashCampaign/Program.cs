using System.Diagnostics;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.CrashCampaign;

// dotnet run -c Release --project tests/ReSTEM.CrashCampaign -- [FROM [TO [STEP]]]
// Points FROM to TO (0 to 1000): point i is the same disturbance every time. Needs the program built, and gcc for what goes on at single calls.
int from = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0;
int step = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
int to = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1000;
string checkout = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));
string scratch = Path.Combine(Path.GetTempPath(), $"restem-campaign-{Environment.ProcessId}");
string? shim = Compile(scratch);
if (shim is null)
{
    Console.WriteLine("gcc is missing: points at single calls of the file system are left out.");
}

var whole = new Workload(checkout, Path.Combine(scratch, "whole")).Prepare();
string counter = Path.Combine(scratch, "calls");
var undisturbed = whole.Start(shim is null ? null : new Dictionary<string, string> { ["LD_PRELOAD"] = shim, ["SHIM_ROOT"] = whole.Run, ["SHIM_COUNTER"] = counter });
if (undisturbed.ExitCode != 0)
{
    Console.Error.WriteLine($"error: the undisturbed run failed: {undisturbed}");
    return 1;
}

string bits = whole.Bits(undisturbed.Output);
int calls = shim is null ? 0 : int.Parse(File.ReadAllText(counter), CultureInfo.InvariantCulture);
Console.WriteLine($"undisturbed: {undisturbed.Time.TotalSeconds:F1} s, {calls} calls that change files");
var fresh = new Workload(checkout, Path.Combine(scratch, "fresh")).Prepare();
var all = new Disturbances(whole, bits, shim, calls, undisturbed.Time);
(string Name, bool NeedsShim, Func<Workload, RandomSequence, string?> Do)[] kinds =
[
    ("SIGKILL at random moments", false, all.RandomKill),
    ("SIGKILL at one call", true, all.KillAtCall),
    ("power cut at one call", true, all.PowerCut),
    ("full or faulty disk at one call", true, all.FaultyDisk),
    ("one flipped bit", false, all.FlippedBit),
    ("changed input", false, all.ChangedInput),
];
int[] done = new int[kinds.Length], wrong = new int[kinds.Length];
for (int point = from; point < to; point += step)
{
    int kind = point % kinds.Length;
    if (kinds[kind].NeedsShim && shim is null)
    {
        continue;
    }

    var work = new Workload(checkout, Path.Combine(scratch, "work")).CopyOf(fresh);
    string? fault = kinds[kind].Do(work, RandomStream.Of((ulong)point, RandomPurpose.Problems).Sequence());
    done[kind]++;
    if (fault is not null)
    {
        wrong[kind]++;
        Console.WriteLine($"point {point}, {kinds[kind].Name}: {fault}");
    }
    else if (point % 20 == 0)
    {
        Console.WriteLine($"point {point}");
    }
}

for (int kind = 0; kind < kinds.Length; kind++)
{
    Console.WriteLine($"| {kinds[kind].Name} | {done[kind]} | {wrong[kind]} |");
}

Directory.Delete(scratch, recursive: true);
return wrong.Sum() == 0 ? 0 : 1;

static string? Compile(string scratch)
{
    Directory.CreateDirectory(scratch);
    string library = Path.Combine(scratch, "shim.so");
    try
    {
        using var gcc = Process.Start("gcc", ["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(AppContext.BaseDirectory, "shim.c"), "-ldl", "-lpthread"]);
        gcc.WaitForExit();
        return gcc.ExitCode == 0 ? library : throw new InvalidOperationException("gcc failed, expected a library of shim.c.");
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return null;
    }
}
