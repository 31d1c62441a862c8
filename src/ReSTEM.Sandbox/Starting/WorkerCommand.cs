using System.Diagnostics;

namespace ReSTEM.Sandbox;

/// <summary>The command line of a worker.</summary>
internal static class WorkerCommand
{
    /// <summary>The program by which root becomes nobody.</summary>
    internal const string SetPrivileges = "/usr/bin/setpriv";

    // The interpreter's libraries and nothing else of the machine: no programs, no home, no /etc, no /proc, no /sys.
    private static readonly string[] ReadOnlyFolders = ["/usr/lib", "/usr/lib64"];
    private static readonly string[] Links = ["lib", "lib64"];
    private static readonly string[] Devices = ["/dev/null", "/dev/zero", "/dev/urandom"];

    /// <summary>What to start; standard input, output and error are redirected and the environment is empty.</summary>
    /// <param name="options">The set-up.</param>
    /// <param name="layers">The layers to put on.</param>
    /// <param name="processView">Whether the zygote may see its children's clocks, which some containers forbid.</param>
    /// <exception cref="SandboxException">A program that it needs is not installed.</exception>
    public static ProcessStartInfo Build(SandboxOptions options, SandboxLayers layers, bool processView)
    {
        string python = Existing(options.PythonPath, "Python 3", "python3");
        var command = new List<string>();
        if (Environment.IsPrivilegedProcess)
        {
            string user = options.UnprivilegedUserId.ToString(System.Globalization.CultureInfo.InvariantCulture);
            command.AddRange([Existing(SetPrivileges, "setpriv", "util-linux"), "--reuid", user, "--regid", user, "--clear-groups"]);
        }

        if (layers.HasFlag(SandboxLayers.Namespaces))
        {
            command.Add(Existing(options.BubblewrapPath, "bubblewrap", "bubblewrap"));
            command.AddRange(Namespaces(python, options.Packages.Count > 0, processView));
            python = "/usr/bin/python3";
        }

        command.AddRange([python, "-s", "-S", "-B", "-X", "utf8", "-c", WorkerBundle.Boot]);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PYTHONHASHSEED"] = "0";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment["LD_BIND_NOW"] = "1"; // or each child would bind the same functions anew
        return start;
    }

    private static List<string> Namespaces(string python, bool packages, bool processView)
    {
        List<string> arguments =
        [
            "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--as-pid-1", "--uid", "0", "--gid", "0", "--hostname", "sandbox",
            "--clearenv", "--setenv", "PYTHONHASHSEED", "0", "--setenv", "OPENBLAS_NUM_THREADS", "1", "--setenv", "LD_BIND_NOW", "1",
            "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN",
        ];
        foreach (string folder in ReadOnlyFolders.Where(Directory.Exists))
        {
            arguments.AddRange(["--ro-bind", folder, folder]);
        }

        foreach (string link in Links)
        {
            arguments.AddRange(new DirectoryInfo("/" + link).LinkTarget is not null
                ? ["--symlink", "usr/" + link, "/" + link]
                : ["--ro-bind-try", "/" + link, "/" + link]);
        }

        if (packages)
        {
            // Debian's numpy finds its libraries through links in there.
            arguments.AddRange(["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]);
        }

        foreach (string device in Devices)
        {
            arguments.AddRange(["--dev-bind", device, device]);
        }

        string target = new FileInfo(python).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? python;
        if (processView)
        {
            arguments.AddRange(["--proc", "/proc"]);
        }

        arguments.AddRange(["--ro-bind", target, "/usr/bin/python3"]);
        arguments.AddRange(["--tmpfs", "/tmp", "--remount-ro", "/", "--chdir", "/tmp"]);
        return arguments;
    }

    private static string Existing(string path, string what, string package) => File.Exists(path)
        ? path
        : throw new SandboxException(
            $"{what} is missing at {path}, expected the system's own; run sandbox/install, or as root: apt-get install {package}.")
        {
            IsSetUp = true,
        };
}
