using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ReSTEM.IntegrationTests;

/// <summary>Slurm with one node on this machine, as processes of the test that end with it.</summary>
internal sealed class SlurmCluster : IDisposable
{
    private const string Controller = "/usr/sbin/slurmctld";
    private const string Node = "/usr/sbin/slurmd";

    private readonly string _folder = Directory.CreateTempSubdirectory("restem-slurm-").FullName;
    private readonly Process _controller;
    private Process _node;

    internal SlurmCluster()
    {
        string host = Dns.GetHostName().Split('.')[0];
        var (controller, node) = (FreePort(), FreePort());
        Directory.CreateDirectory(Path.Combine(_folder, "state"));
        Directory.CreateDirectory(Path.Combine(_folder, "spool"));
        File.WriteAllText(Configuration, $"""
            ClusterName=restem
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={controller}
            SlurmdPort={node}
            AuthType=auth/none
            CredType=cred/none
            SlurmUser=root
            StateSaveLocation={_folder}/state
            SlurmdSpoolDir={_folder}/spool
            SlurmctldPidFile={_folder}/slurmctld.pid
            SlurmdPidFile={_folder}/slurmd.pid
            SlurmctldLogFile={_folder}/slurmctld.log
            SlurmdLogFile={_folder}/slurmd.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            MpiDefault=none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            ReturnToService=2
            SlurmdParameters=config_overrides
            SchedulerType=sched/builtin
            KillWait=10
            NodeName={host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=1000 State=UNKNOWN
            PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP

            """);
        _controller = Start(Controller, "-D", "-c");
        Until("sinfo", output => output.Contains("test", StringComparison.Ordinal));
        _node = Start(Node, "-D", "-N", host);
        Until("sinfo", output => output.Contains("idle", StringComparison.Ordinal));
    }

    /// <summary>Why it cannot be started here; null where it can.</summary>
    internal static string? Missing { get; } =
        !File.Exists(Controller) || !File.Exists(Node) || !File.Exists("/usr/bin/sbatch") ? "needs Slurm (apt-get install slurm-wlm)"
        : Environment.UserName != "root" ? "needs root, as slurmd does" : null;

    internal (string Name, string Value)[] Variables => [("SLURM_CONF", Configuration)];

    private string Configuration => Path.Combine(_folder, "slurm.conf");

    /// <summary>Ends the node's daemon without warning, and starts it again.</summary>
    internal void CrashNode()
    {
        _node.Kill();
        _node.WaitForExit();
        _node = Start(Node, "-D", "-N", Dns.GetHostName().Split('.')[0]);
    }

    /// <summary>One of Slurm's commands.</summary>
    internal (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    public void Dispose()
    {
        Run("scancel", "--me");
        for (int tries = 0; tries < 100 && Run("squeue", "--noheader").Output.Trim().Length > 0; tries++)
        {
            Thread.Sleep(100);
        }

        foreach (Process process in new[] { _node, _controller })
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private void Until(string program, Func<string, bool> isThere)
    {
        for (int tries = 0; ; tries++)
        {
            string output = Run(program).Output;
            if (isThere(output))
            {
                return;
            }

            Assert.True(tries < 600, $"Slurm does not come up: {output}");
            Thread.Sleep(100);
        }
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Configuration;
        Process process = Process.Start(start)!;
        if (program is Controller or Node)
        {
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        return process;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A test on a real Slurm; skipped with the reason where it cannot be started.</summary>
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = SlurmCluster.Missing;
}
