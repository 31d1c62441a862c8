using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace ReSTEM.Sandbox;

/// <summary>The Python side, built into this assembly, so that no file of the host has to be visible inside.</summary>
internal static class WorkerBundle
{
    // In the order in which they import each other.
    private static readonly string[] Modules =
        [
            "fork_routine", "page_costs", "cheap_forks", "libraries", "py_codec", "remote_objects", "sandbox_limits", "sandbox_layers",
            "submission", "test_code", "test_plan", "code_blocks", "code_parts", "reading", "run_request", "sandbox_worker",
        ];

    /// <summary>The program text for <c>python3 -c</c>.</summary>
    public static string Boot { get; } = Encoding.UTF8.GetString(Read("worker_bundle"));

    /// <summary>The self-test's probe.</summary>
    public static string Probe { get; } = Encoding.UTF8.GetString(Read("sandbox_self_test"));

    /// <summary>The fixed work that says how fast the machine is.</summary>
    public static string Calibration { get; } = Encoding.UTF8.GetString(Read("calibration"));

    /// <summary>What the program text reads first: layers, when a child gets its own pages, system call filter, packages, modules.</summary>
    public static byte[] Build(SandboxLayers layers, IEnumerable<string> packages, PageCopying copying)
    {
        using var bundle = new MemoryStream();
        bool filtered = layers.HasFlag(SandboxLayers.Seccomp);
        WriteNumber(bundle, (int)layers);
        WriteNumber(bundle, (int)copying);
        WriteBlock(bundle, filtered ? SeccompFilter.Build(RuntimeInformation.ProcessArchitecture) : []);
        WriteBlock(bundle, Encoding.UTF8.GetBytes(string.Join(' ', packages)));
        WriteNumber(bundle, Modules.Length);
        foreach (string module in Modules)
        {
            WriteBlock(bundle, Encoding.UTF8.GetBytes(module));
            WriteBlock(bundle, Read(module));
        }

        return bundle.ToArray();
    }

    private static byte[] Read(string module)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{module}.py")
            ?? throw new InvalidOperationException($"Resource '{module}.py' is missing from the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void WriteBlock(MemoryStream bundle, byte[] block)
    {
        WriteNumber(bundle, block.Length);
        bundle.Write(block);
    }

    private static void WriteNumber(MemoryStream bundle, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        bundle.Write(bytes);
    }
}
