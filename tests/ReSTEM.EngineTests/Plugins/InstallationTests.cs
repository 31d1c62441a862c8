namespace ReSTEM.EngineTests;

public sealed class InstallationTests
{
    [EngineFact("torch-cpu")]
    public void Torch_has_its_libraries_and_nothing_that_the_command_line_has() => Holds(
        InstalledEngines.TorchCpu, ["ReSTEM.Torch.dll", "TorchSharp.dll", "libtorch_cpu.so", "libLibTorchSharp.so"]);

    [EngineFact("onnx-cpu")]
    public void Onnx_has_its_libraries_and_nothing_that_the_command_line_has() => Holds(
        InstalledEngines.OnnxCpu, ["ReSTEM.Onnx.dll", "Microsoft.ML.OnnxRuntime.dll", "Google.Protobuf.dll", "libonnxruntime.so"]);

    private static void Holds(string folder, string[] files)
    {
        string[] found = [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!)];
        Assert.Empty(files.Except(found));
        string program = Path.Combine(ReSTEM.Tests.SharedData.RepositoryRoot, "artifacts", "bin", "ReSTEM.Cli", "release");
        Assert.DoesNotContain(found, file => file.EndsWith(".dll", StringComparison.Ordinal) && File.Exists(Path.Combine(program, file)));
    }
}
