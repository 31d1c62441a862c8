using System.ComponentModel;
using System.Diagnostics;

namespace ReSTEM.Tests;

/// <summary>A test that needs PyTorch for the system's Python; skipped with the reason where it is missing.</summary>
internal sealed class TorchFactAttribute : FactAttribute
{
    internal const string Torchrun = "/usr/bin/torchrun";

    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", "import torch"]) { RedirectStandardError = true })!;
            python.StandardError.ReadToEnd();
            python.WaitForExit();
            return python.ExitCode == 0 && File.Exists(Torchrun) ? null : "needs PyTorch for /usr/bin/python3 and /usr/bin/torchrun (apt-get install python3-torch)";
        }
        catch (Win32Exception)
        {
            return "needs /usr/bin/python3 with PyTorch (apt-get install python3-torch)";
        }
    });

    public TorchFactAttribute() => Skip = Missing.Value;
}
