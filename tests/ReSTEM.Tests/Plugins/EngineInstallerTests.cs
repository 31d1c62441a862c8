using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>Installing: whole or not at all, one at a time, whatever stops it.</summary>
public sealed class EngineInstallerTests : IDisposable
{
    private static readonly string[] Installed = ["fake-cpu", "fake-cpu/ReSTEM.Torch.dll", "fake-cpu/data", "fake-cpu/data/numbers.bin", "fake-cpu/engine.json", "fake-cpu/prepared", "fake-cpu/stub.json"];

    private readonly FakeCheckout _fake = new();
    private readonly List<string> _said = [];

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task An_engine_is_built_prepared_compared_and_there()
    {
        var compared = new List<string>();
        bool isNew = await Installer().AddAsync(FakeCheckout.Kind, engine => Task.Run(() => compared.Add(engine.Fingerprint.Device)), CancellationToken.None);
        Assert.True(isNew);
        Assert.Equal(["cpu"], compared);
        Assert.Equal(Installed, _fake.Entries);
        Assert.Equal(EngineState.Ready, _fake.Look().State);
        Assert.Equal(
            $"fake-cpu is a library: about 2 MB from NuGet where its cache lacks them, 1 MB in {_fake.Folder}; nothing else on this system is changed.", _said[0]);
        Assert.Equal(["1 of 3: ", "2 of 3: ", "3 of 3: "], _said.Skip(1).Select(line => line[..8]));
    }

    [Fact]
    public async Task One_that_is_there_is_not_built_again()
    {
        _fake.Install();
        Assert.False(await Installer(build: (_, _) => throw new InvalidTimeZoneException("built")).AddAsync(FakeCheckout.Kind, Right, CancellationToken.None));
        Assert.Empty(_said);
    }

    [Theory]
    [InlineData("src/Fake/Code.cs")]
    [InlineData("artifacts/engines/fake-cpu/data/numbers.bin")]
    [InlineData("artifacts/engines/fake-cpu/engine.json")]
    public async Task One_of_other_sources_or_damaged_is_built_again(string altered)
    {
        _fake.Install();
        _fake.Write(altered, "9876543210");
        _fake.Write("artifacts/engines/fake-cpu/of-the-former", "");
        Assert.True(await Installer().AddAsync(FakeCheckout.Kind, Right, CancellationToken.None));
        Assert.Equal(Installed, _fake.Entries);
        Assert.Equal(EngineState.Ready, _fake.Look().State);
    }

    [Theory]
    [InlineData("build")]
    [InlineData("load")]
    [InlineData("prepare")]
    [InlineData("check")]
    public async Task One_that_fails_leaves_what_was_there(string where)
    {
        await FailAsync(where);
        Assert.Empty(_fake.Entries);
        Assert.Equal(EngineState.Absent, _fake.Look().State);

        _fake.Install();
        var before = _fake.Entries;
        _fake.Write("src/Fake/Code.cs", "// newer");
        await FailAsync(where);
        Assert.Equal(before, _fake.Entries);
        Assert.Equal(EngineState.Outdated, _fake.Look().State); // as before
    }

    [Fact]
    public async Task One_that_is_interrupted_leaves_what_was_there()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Installer(build: (_, token) =>
        {
            stop.Cancel();
            token.ThrowIfCancellationRequested();
        }).AddAsync(FakeCheckout.Kind, Right, stop.Token));
        Assert.Empty(_fake.Entries);
    }

    /// <summary>A process that is killed leaves the disk as it is at that moment: looked at and gone on with from each.</summary>
    [Fact]
    public async Task One_that_is_killed_at_any_moment_does_not_look_installed_and_is_installed_by_the_next()
    {
        var moments = new List<string>();
        var installer = Installer(build: (folder, _) =>
        {
            Remember();
            FakeCheckout.Build(folder);
            Remember();
        }, say: _ => Remember());
        await installer.AddAsync(FakeCheckout.Kind, _ => Task.Run(Remember), CancellationToken.None);
        Assert.Equal(7, moments.Count); // four sentences, before and after the build, the comparison
        string engines = _fake.Checkout.EnginesFolder;
        foreach (string moment in moments.Prepend(Unnamed()))
        {
            Directory.Delete(engines, recursive: true);
            Directory.Move(moment, engines);
            Assert.Equal(EngineState.Absent, _fake.Look().State);
            Assert.True(await Installer().AddAsync(FakeCheckout.Kind, Right, CancellationToken.None));
            Assert.Equal(Installed, _fake.Entries);
        }

        void Remember()
        {
            string copy = _fake.PathOf($"moment{moments.Count}");
            Copy(_fake.Checkout.EnginesFolder, copy);
            moments.Add(copy);
        }

        string Unnamed() // complete, but for its name
        {
            string copy = _fake.PathOf("unnamed");
            Copy(engines, copy);
            Directory.Move(Path.Combine(copy, "fake-cpu"), Path.Combine(copy, "fake-cpu.new"));
            return copy;
        }
    }

    /// <summary>Each file that a deletion has not reached yet, by itself and with all the others.</summary>
    [Fact]
    public async Task One_whose_removal_was_killed_does_not_look_installed()
    {
        _fake.Install();
        string[] files = [.. Directory.EnumerateFiles(_fake.Folder, "*", SearchOption.AllDirectories)];
        foreach (string file in files)
        {
            string aside = _fake.PathOf("aside");
            File.Move(file, aside);
            Assert.Equal(EngineState.Damaged, _fake.Look(hashes: false).State);
            File.Move(aside, file);
        }

        Assert.Equal(EngineState.Ready, _fake.Look().State);
        Assert.True(await Installer().RemoveAsync(FakeCheckout.Kind, CancellationToken.None));
        Assert.Empty(_fake.Entries);
        Assert.False(await Installer().RemoveAsync(FakeCheckout.Kind, CancellationToken.None));
    }

    [Fact]
    public async Task Removing_takes_away_what_killed_installations_left_and_nothing_of_others()
    {
        _fake.Write("artifacts/engines/fake-cpu.new/a", "");
        _fake.Write("artifacts/engines/fake-cpu.new.restem-partial/b", "");
        _fake.Write("artifacts/engines/fake-cpu.log", "");
        _fake.Write("artifacts/engines/other-cpu/c", "");
        Assert.False(await Installer().RemoveAsync(FakeCheckout.Kind, CancellationToken.None));
        Assert.Equal(["other-cpu", "other-cpu/c"], _fake.Entries);
        Assert.False(File.Exists(_fake.Folder + ".log"));
    }

    [Fact]
    public async Task Two_at_once_wait_for_each_other_and_build_once()
    {
        int building = 0, built = 0;
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        Task<bool> first = Task.Run(() => Installer(build: (folder, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref building));
            begun.SetResult();
            goOn.Task.Wait(CancellationToken.None);
            FakeCheckout.Build(folder);
            built++;
            Interlocked.Decrement(ref building);
        }).AddAsync(FakeCheckout.Kind, Right, CancellationToken.None));
        await begun.Task;
        var waits = new TaskCompletionSource<string>();
        Task<bool> second = Task.Run(() => Installer(build: (_, _) => built++, say: waits.SetResult).AddAsync(FakeCheckout.Kind, Right, CancellationToken.None));
        Assert.Equal($"waiting for another build or installation (it holds {_fake.Checkout.LockFile}) ...", await waits.Task);
        goOn.SetResult();
        Assert.Equal((true, false), (await first, await second));
        Assert.Equal(1, built);
        Assert.Equal(EngineState.Ready, _fake.Look().State);
    }

    [Fact]
    public async Task Whoever_waits_can_be_stopped()
    {
        NewFolder.Create(_fake.Checkout.EnginesFolder);
        using var held = new FileStream(_fake.Checkout.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Installer(say: _ => stop.Cancel()).AddAsync(FakeCheckout.Kind, Right, stop.Token));
    }

    [Fact]
    public async Task A_disk_with_too_little_room_and_a_file_in_the_way_are_refused_before_any_work()
    {
        EngineKind large = FakeCheckout.Kind with { InstalledBytes = long.MaxValue };
        var fault = await Assert.ThrowsAsync<EngineException>(() => Installer().AddAsync(large, Right, CancellationToken.None));
        Assert.Matches("^.* has [0-9,]+ MB free, expected at least [0-9,]+ MB for fake-cpu; free some space.$", fault.Message);
        _fake.Write("artifacts/engines/fake-cpu", "");
        fault = await Assert.ThrowsAsync<EngineException>(() => Installer().AddAsync(FakeCheckout.Kind, Right, CancellationToken.None));
        Assert.Equal($"{_fake.Folder} is a file, expected a folder or nothing there; move it away.", fault.Message);
        Assert.Empty(_said);
    }

    private static Task Right(IEngine engine) => Task.CompletedTask;

    private async Task FailAsync(string where)
    {
        var installer = Installer(build: (folder, _) =>
        {
            FakeCheckout.Build(folder, where == "prepare" ? """{"PrepareFault": "this system is too old."}""" : """{"Devices": [{"Name": "cpu", "Dtypes": ["Float32"]}]}""");
            if (where == "load")
            {
                File.WriteAllText(Path.Combine(folder, "ReSTEM.Torch.dll"), "no assembly");
            }

            if (where == "build")
            {
                throw new EngineException("it cannot be built.");
            }
        });
        var fault = await Assert.ThrowsAsync<EngineException>(() => installer.AddAsync(
            FakeCheckout.Kind, _ => throw new EngineException("it does not compute rightly."), CancellationToken.None));
        string expected = where switch
        {
            "build" => "it cannot be built.",
            "load" => "the engine fake-cpu is damaged: ",
            "prepare" => "this system is too old.",
            _ => "it does not compute rightly.",
        };
        Assert.StartsWith(expected, fault.Message, StringComparison.Ordinal);
    }

    private EngineInstaller Installer(Action<string, CancellationToken>? build = null, Action<string>? say = null) => new(
        _fake.Checkout, say ?? _said.Add,
        (_, folder, _, cancellationToken) =>
        {
            if (build is null)
            {
                FakeCheckout.Build(folder);
            }
            else
            {
                build(folder, cancellationToken);
            }

            return Task.CompletedTask;
        });

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
