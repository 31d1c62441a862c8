using System.Runtime.InteropServices;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Tests;
using ReSTEM.Torch;

namespace ReSTEM.EngineTests;

/// <summary>What the engine on libtorch needs of a system, and says where it is missing.</summary>
public sealed class TorchLoadingTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [EngineFact("torch-cpu")]
    public void The_written_library_loads_and_its_functions_can_be_called()
    {
        string path = Path.Combine(_scratch.Path, "of-its-own.so");
        File.WriteAllBytes(path, CompatibilityLibrary.Build());
        nint library = NativeLibrary.Load(path);
        Assert.Equal(1, Marshal.GetDelegateForFunctionPointer<Answer>(NativeLibrary.GetExport(library, "mkl_serv_intel_cpu_true"))());
        Marshal.GetDelegateForFunctionPointer<Action>(NativeLibrary.GetExport(library, "_ZSt21ios_base_library_initv"))();
        Assert.False(NativeLibrary.TryGetExport(library, "mkl_serv_intel_cpu_false", out _));
        NativeLibrary.Free(library);
    }

    [EngineFact("torch-cpu")]
    public void A_need_is_weakened_and_nothing_else()
    {
        byte[] wrapper = File.ReadAllBytes(Path.Combine(TorchUse.Folder, TorchFolder.Wrapper)), weaker = [.. wrapper];
        var needs = VersionNeeds.Strong(wrapper, "w", "libstdc++.so.6");
        string version = needs[0];
        VersionNeeds.Weaken(weaker, "w", version);
        Assert.Equal(needs.Skip(1), VersionNeeds.Strong(weaker, "w", "libstdc++.so.6"));
        Assert.Equal(1, wrapper.Zip(weaker).Count(static pair => pair.First != pair.Second));
        Assert.DoesNotContain(VersionNeeds.Strong(wrapper, "w", "libm.so.6"), needs.Contains);
        var fault = Assert.Throws<EngineException>(() => VersionNeeds.Strong(wrapper.AsSpan(0, 5000), "cut.so", "libstdc++.so.6"));
        Assert.StartsWith("cut.so is damaged", fault.Message, StringComparison.Ordinal);
    }

    [EngineFact("torch-cpu")]
    public void Preparing_does_not_write_to_a_file_that_others_share()
    {
        string shared = Path.Combine(_scratch.Path, "package.so"), own = Path.Combine(_scratch.Path, TorchFolder.Wrapper);
        byte[] strong = File.ReadAllBytes(Path.Combine(TorchUse.Folder, TorchFolder.Wrapper));
        int flags = FlagsOf(strong, "GLIBCXX_3.4.32");
        strong[flags] = 0;
        Assert.Contains("GLIBCXX_3.4.32", VersionNeeds.Strong(strong, "w", "libstdc++.so.6"));
        File.WriteAllBytes(shared, strong);
        Assert.Equal(0, Link(shared, own));
        var folder = new TorchFolder(_scratch.Path);
        folder.Prepare();
        folder.Prepare(); // done twice it does no harm
        Assert.Equal(strong, File.ReadAllBytes(shared));
        bool isOld = !File.ReadAllText(NativeLoader.PathOf("libstdc++.so.6"), Encoding.Latin1).Contains("GLIBCXX_3.4.32", StringComparison.Ordinal);
        Assert.Equal(isOld, !File.ReadAllBytes(own).SequenceEqual(strong));
        Assert.Equal(!isOld, VersionNeeds.Strong(File.ReadAllBytes(own), "w", "libstdc++.so.6").Contains("GLIBCXX_3.4.32"));
        Assert.True(File.Exists(Path.Combine(_scratch.Path, CompatibilityLibrary.FileName)));
    }

    [EngineFact("torch-cpu")]
    public void What_is_missing_or_damaged_is_told_in_one_line()
    {
        var folder = new TorchFolder(_scratch.Path);
        Assert.Contains($"lacks {TorchFolder.Wrapper}", Assert.Throws<EngineException>(folder.Prepare).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_scratch.Path, "libc10.so"), "no library");
        string missing = Assert.Throws<EngineException>(() => folder.LibrariesInOrder()).Message;
        Assert.Contains("lacks libtorch_cpu.so, libtorch.so, libLibTorchSharp.so, librestem_torch.so", missing, StringComparison.Ordinal);
        Assert.Contains("restem engine add", missing, StringComparison.Ordinal);
        string damaged = Assert.Throws<EngineException>(() => NativeLoader.Load(Path.Combine(_scratch.Path, "libc10.so"))).Message;
        Assert.DoesNotContain('\n', damaged);
        Assert.Contains("does not load", damaged, StringComparison.Ordinal);
        var elsewhere = Assert.Throws<EngineException>(() =>
        {
            _ = TorchUse.Plugin.LibraryVersion;
            TorchLibraries.Load(folder);
        });
        Assert.Contains("a process holds one", elsewhere.Message, StringComparison.Ordinal);
    }

    [EngineTheory("torch-cpu")]
    [InlineData("cuda:0", EngineDtype.Float32, "engine.device is cuda:0, expected cpu")]
    [InlineData("cpu", EngineDtype.Float16, "engine.dtype is float16, expected float32 or bfloat16")]
    [InlineData("cpu", EngineDtype.Int4, "engine.dtype is int4, expected float32 or bfloat16")]
    public void Settings_that_it_has_not_are_refused(string device, EngineDtype dtype, string expected)
    {
        var fault = Assert.Throws<EngineException>(() => TorchUse.Plugin.Open(new EngineSettings { Device = device, Dtype = dtype }));
        Assert.StartsWith(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [EngineFact("torch-cpu")]
    public void The_processor_is_told_with_its_memory()
    {
        var device = Assert.Single(TorchUse.Plugin.Devices);
        Assert.Equal("cpu", device.Name);
        Assert.InRange(device.FreeBytes, 1, device.MemoryBytes);
        Assert.Equal("libtorch 2.10.0", TorchUse.Plugin.LibraryVersion);
    }

    /// <summary>Where the flags of a needed version are: behind the hash of its name.</summary>
    private static int FlagsOf(byte[] library, string version)
    {
        uint hash = 0;
        foreach (char letter in version)
        {
            hash = (hash << 4) + letter;
            uint high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return library.AsSpan().IndexOf(BitConverter.GetBytes(hash)) + sizeof(uint);
    }

    [DllImport("libc", EntryPoint = "link")]
    private static extern int Link(byte[] from, byte[] to);

    private static int Link(string from, string to) => Link(Encoding.UTF8.GetBytes(from + '\0'), Encoding.UTF8.GetBytes(to + '\0'));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Answer();
}
