namespace ReSTEM.IntegrationTests;

/// <summary><c>restem engine</c>, as it is typed.</summary>
public sealed class EngineVerbTests : IDisposable
{
    private readonly Restem _restem = new();
    private readonly StubCheckout _checkout = new();

    public void Dispose()
    {
        _restem.Dispose();
        _checkout.Dispose();
    }

    [Fact]
    public void List_shows_what_there_is_and_the_command_that_installs_the_rest()
    {
        var (exitCode, output, errors) = Run("list");
        Assert.True(exitCode == 0, errors);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal("managed     built in", lines[0]);
        Assert.Equal(["torch-cpu", "torch-cuda", "onnx-cpu", "onnx-cuda"], lines.Skip(1).Select(line => line.Split(' ')[0]));
        Assert.All(lines.Skip(1), line => Assert.Matches(@"^(\S+) +not installed \(.*, [\d,]+ MB to load, [\d,]+ MB on disk\): restem engine add \1$", line));
        _checkout.Install("torch-cpu");
        Assert.Contains("torch-cpu   installed: stub 1\n", Run("list").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void List_tells_what_cannot_be_used_and_fails()
    {
        _checkout.Install("torch-cpu");
        string file = _checkout.PathOf("torch-cpu", "stub.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("true", "TRUE", StringComparison.Ordinal));
        Assert.Equal(0, Run("list").ExitCode); // of the size that it had
        var (exitCode, output, _) = Run("list", "--check");
        Assert.Equal(1, exitCode);
        Assert.Matches($"torch-cpu   CANNOT BE USED: the engine torch-cpu is damaged: {file} has the SHA-256 [0-9a-f]+, expected [0-9a-f]+; install it again: restem engine add torch-cpu\n", output);
        File.Delete(file);
        (exitCode, output, _) = Run("list");
        Assert.Equal(1, exitCode);
        Assert.Contains($"{file} is missing; install it again: restem engine add torch-cpu\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_tells_the_library_and_the_devices()
    {
        _checkout.Install("torch-cpu", [StubCheckout.Card(2048, 1024)]);
        Assert.Equal(
            (0, "stub 1\ncpu (a processor): 64.0 GiB free of 64.0 GiB; float32\ncuda:0 (a card): 1.0 GiB free of 2.0 GiB; float32\n", ""),
            Run("show", "torch-cpu"));
    }

    [Fact]
    public void An_engine_that_is_not_there_cannot_be_shown_and_need_not_be_removed()
    {
        Assert.Equal(
            (1, "", "error: the engine torch-cpu is not installed, expected it to be; install it: restem engine add torch-cpu.\n"), Run("show", "torch-cpu"));
        Assert.Equal((0, "torch-cpu was not installed.\n", ""), Run("remove", "torch-cpu"));
    }

    [Fact]
    public void One_that_is_there_is_not_added_again_and_is_removed()
    {
        _checkout.Install("torch-cpu");
        Assert.Equal((0, "torch-cpu is installed already, whole and of these sources: --set engine.name=torch-cpu takes it.\n", ""), Run("add", "torch-cpu"));
        Assert.Equal((0, "torch-cpu is removed.\n", ""), Run("remove", "torch-cpu"));
        Assert.Equal((0, "torch-cpu was not installed.\n", ""), Run("remove", "torch-cpu"));
    }

    [Theory]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("show")]
    public void Names_that_are_no_engines_are_refused(string verb)
    {
        Assert.Equal((2, "", "error: NAME is 'torch-gpu', expected one of torch-cpu, torch-cuda, onnx-cpu, onnx-cuda.\n"), Run(verb, "torch-gpu"));
        Assert.Equal((2, "", "error: the engine managed is built in: there is nothing to install or to remove.\n"), Run(verb, "managed"));
        Assert.Equal(2, Run(verb).ExitCode);
    }

    [Fact]
    public void A_build_that_fails_is_told_in_one_line_and_leaves_nothing()
    {
        var (exitCode, output, errors) = Run("add", "torch-cpu"); // the checkout's project is empty
        Assert.Equal((1, ""), (exitCode, output));
        string[] lines = errors.TrimEnd('\n').Split('\n');
        Assert.StartsWith("torch-cpu is libtorch 2.10.0 for the processor: about 135 MB from NuGet where its cache lacks them, 470 MB in ", lines[0], StringComparison.Ordinal);
        Assert.Matches("^error: torch-cpu cannot be built: MSB[0-9]+: .* \\(dotnet's whole output is in .*torch-cpu.log\\)$", lines[^1]);
        Assert.StartsWith("torch-cpu   not installed", Run("list").Output.Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_is_no_checkout_is_named()
    {
        var (exitCode, _, errors) = _restem.Run([("RESTEM_CHECKOUT", _restem.Folder)], "engine", "list");
        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"error: there is no ReSTEM.sln in or above {_restem.Folder}, expected the checkout that engines are built from; start the program by its launcher ./restem, or name the checkout in RESTEM_CHECKOUT.\n",
            errors);
    }

    private (int ExitCode, string Output, string Errors) Run(params string[] arguments) => _restem.Run(_checkout.Environment, ["engine", .. arguments]);
}
