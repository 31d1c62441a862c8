using System.Globalization;
using System.Runtime.InteropServices;
using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>Builds an engine with its libraries.</summary>
/// <param name="kind">Which.</param>
/// <param name="folder">Where its files go.</param>
/// <param name="log">A file for what the build says.</param>
/// <param name="cancellationToken">Ends the build.</param>
internal delegate Task EngineBuild(EngineKind kind, string folder, string log, CancellationToken cancellationToken);

/// <summary>Installs engines into the checkout's artifacts, whole or not at all, and takes them away again.</summary>
public sealed class EngineInstaller
{
    private const int WouldBlock = 11; // EWOULDBLOCK: somebody holds the lock

    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(250);

    private readonly Checkout _checkout;
    private readonly Action<string> _say;
    private readonly EngineBuild _build;

    /// <summary>Builds with the .NET SDK.</summary>
    /// <param name="checkout">Where engines are built from and installed.</param>
    /// <param name="say">Told of every step, in a sentence.</param>
    public EngineInstaller(Checkout checkout, Action<string> say)
        : this(checkout, say, (kind, folder, log, cancellationToken) => EnginePublication.RunAsync(checkout, kind, folder, log, cancellationToken))
    {
    }

    /// <summary>Builds in another way.</summary>
    internal EngineInstaller(Checkout checkout, Action<string> say, EngineBuild build) => (_checkout, _say, _build) = (checkout, say, build);

    /// <summary>Installs an engine, unless it is there as it should be.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="check">Compares it on a device with an engine that is known to be right.</param>
    /// <param name="cancellationToken">Leaves what was there before.</param>
    /// <returns>Whether anything was installed.</returns>
    /// <exception cref="EngineException">It cannot be built, does not load here, or computes something else; what was there before stays.</exception>
    public async Task<bool> AddAsync(EngineKind kind, Func<IEngine, Task> check, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not Architecture.X64)
        {
            throw new EngineException($"this is {RuntimeInformation.RuntimeIdentifier}, expected linux-x64: {kind.Name} is built for that only; use the engine managed here.");
        }

        using FileStream held = await LockAsync(cancellationToken);
        if (File.Exists(_checkout.FolderOf(kind)))
        {
            throw new EngineException($"{_checkout.FolderOf(kind)} is a file, expected a folder or nothing there; move it away.");
        }

        if (EngineInstallation.Look(_checkout, kind, hashes: true).State is EngineState.Ready)
        {
            return false;
        }

        ThrowUnlessRoom(kind);
        _say($"{kind.Name} is {kind.Library}: about {Megabytes(kind.DownloadBytes)} from NuGet where its cache lacks them, {Megabytes(kind.InstalledBytes)} in {_checkout.FolderOf(kind)}; nothing else on this system is changed.");
        string fresh = _checkout.FolderOf(kind) + ".new";
        NewFolder.Delete(fresh);
        NewFolder.Write(fresh, folder =>
        {
            FillAsync(kind, folder, check, cancellationToken).GetAwaiter().GetResult();
            return folder;
        });
        NewFolder.Delete(_checkout.FolderOf(kind));
        Directory.Move(fresh, _checkout.FolderOf(kind));
        return true;
    }

    /// <summary>Takes an engine away.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(EngineKind kind, CancellationToken cancellationToken)
    {
        using FileStream held = await LockAsync(cancellationToken);
        string folder = _checkout.FolderOf(kind);
        bool isThere = Directory.Exists(folder);
        NewFolder.Delete(folder);
        foreach (string unfinished in Directory.GetDirectories(_checkout.EnginesFolder, kind.Name + ".new*"))
        {
            NewFolder.Delete(unfinished);
        }

        File.Delete(LogFile(kind));
        return isThere;
    }

    private async Task FillAsync(EngineKind kind, string folder, Func<IEngine, Task> check, CancellationToken cancellationToken)
    {
        string sources = EngineSources.Digest(_checkout, kind);
        _say("1 of 3: loading packages and building ...");
        await _build(kind, folder, LogFile(kind), cancellationToken);
        OwnCopies(folder);
        _say("2 of 3: making it fit this system ...");
        IEnginePlugin plugin = EngineLoader.Load(kind, folder);
        plugin.Prepare();
        string library = plugin.LibraryVersion;
        foreach (EngineDevice device in plugin.Devices)
        {
            _say($"3 of 3: comparing it on {device.Name} ({device.Description}) with the managed engine ...");
            await check(plugin.Open(new EngineSettings { Device = device.Name }));
        }

        EngineManifest.Of(kind.Name, sources, library, folder).Write(folder);
    }

    /// <summary>What was built here is copied, not linked to: the next build would write into the engine. Packages are never written again.</summary>
    private static void OwnCopies(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "ReSTEM.*"))
        {
            string copy = file + ".copy";
            File.Copy(file, copy, overwrite: true);
            File.Move(copy, file, overwrite: true);
        }
    }

    private void ThrowUnlessRoom(EngineKind kind)
    {
        long free = new DriveInfo(_checkout.EnginesFolder).AvailableFreeSpace;
        if (free < kind.InstalledBytes)
        {
            throw new EngineException($"{_checkout.EnginesFolder} has {Megabytes(free)} free, expected at least {Megabytes(kind.InstalledBytes)} for {kind.Name}; free some space.");
        }
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        NewFolder.Create(_checkout.EnginesFolder);
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                return new FileStream(_checkout.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException fault) when (fault.HResult == WouldBlock)
            {
                if (isFirst)
                {
                    _say($"waiting for another build or installation (it holds {_checkout.LockFile}) ...");
                }

                await Task.Delay(LockInterval, cancellationToken);
            }
        }
    }

    private string LogFile(EngineKind kind) => _checkout.FolderOf(kind) + ".log";

    private static string Megabytes(long bytes) => (bytes / 1_000_000).ToString("N0", CultureInfo.InvariantCulture) + " MB";
}
