using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ReSTEM.Core;
using ReSTEM.Plugins;
using ReSTEM.Sandbox;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem doctor</c>.</summary>
internal static class DoctorVerb
{
    internal static Command Create()
    {
        var verb = new Command("doctor", "Shows what this machine offers: processor, memory, disk, engines and their devices, sandbox layers.\n\nExample: restem doctor");
        verb.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Line("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}");
        Line("processors", $"{Environment.ProcessorCount}");
        Line("vectors", Vectors());
        Line("memory", Gigabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) + " usable by this process");
        Line("pages", LargePages.Describe());
        Line("disk", Gigabytes(new DriveInfo(Environment.CurrentDirectory).AvailableFreeSpace) + " free here");
        ShowEngines();
        return await ShowSandboxAsync(cancellationToken);
    }

    private static void ShowEngines()
    {
        string driver = CudaRequirements.OfSystem.DriverVersion;
        Line("gpu", driver.Length > 0 ? driver : "no driver of NVIDIA's: engines of graphics cards (torch-cuda, onnx-cuda) have nothing to compute on here");
        Line("engine", EngineWiring.DescribeManaged());
        Checkout checkout;
        try
        {
            checkout = Checkout.Find();
        }
        catch (EngineException fault)
        {
            Line("engine", $"others: {fault.Message}");
            return;
        }

        foreach (EngineKind kind in EngineKind.All)
        {
            var found = EngineInstallation.Look(checkout, kind, hashes: true);
            Line("engine", $"{kind.Name}: {EngineLines.Of(found)}");
            if (found.State is EngineState.Ready)
            {
                EngineVerb.Ask(kind).Skip(1).Concat(CudaRequirements.OfSystem.Missing(kind).Select(missing => $"MISSING: {missing}"))
                    .ToList().ForEach(line => Line("", $"  {line}"));
            }
        }
    }

    private static async Task<int> ShowSandboxAsync(CancellationToken cancellationToken)
    {
        try
        {
            var inspection = await SandboxSelfTest.InspectAsync(new SandboxOptions(), cancellationToken);
            foreach (SandboxFinding finding in inspection.Findings)
            {
                Line("sandbox", $"{(finding.Holds ? "holds" : "MISSING")}: {finding.Name} ({finding.Layer}){(finding.Holds ? "" : ": " + finding.Detail)}");
            }

            Line("sandbox", string.Create(CultureInfo.InvariantCulture, $"limits of CPU time are multiplied by {inspection.CpuFactor:F2} here, by the time of a fixed program"));
            Line("sandbox", inspection.BytesCopied == 0
                ? "memory of a run is copied by the kernel, page by page: page faults are cheap here, or pages cannot be looked at or are never large"
                : $"memory of a run is copied ahead, {inspection.BytesCopied >> 20} MiB: page faults are dear here");
        }
        catch (SandboxException fault)
        {
            Line("sandbox", $"MISSING: {fault.Message}");
        }

        Line("sandbox", $"control groups {ControlGroups.Describe()}");
        return ExitCode.Done;
    }

    private static string Vectors() =>
        Vector512.IsHardwareAccelerated ? "512 bits (AVX-512)"
        : Avx2.IsSupported && Fma.IsSupported ? "256 bits (AVX2, FMA)"
        : Vector128.IsHardwareAccelerated ? "128 bits: the engine is several times slower here, with the same results"
        : "none: the engine is very slow here, with the same results";

    private static string Gigabytes(long bytes) => (bytes / (double)(1L << 30)).ToString("F1", CultureInfo.InvariantCulture) + " GiB";

    private static void Line(string name, string value) => Console.WriteLine($"{name,-12}{value}");
}
