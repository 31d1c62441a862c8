namespace ReSTEM.Sandbox;

/// <summary>Turns what a worker said when it could not start into a cause and a remedy.</summary>
internal static class StartFailure
{
    private const string Without = " Or do without this layer, at your own risk: --without-layer namespaces, or verifier.sandbox.without in a configuration.";

    /// <summary>The explanation.</summary>
    /// <param name="standardError">What the worker wrote to standard error; may be empty.</param>
    /// <param name="failure">How its end was noticed.</param>
    public static SandboxException Explain(string standardError, SandboxException failure)
    {
        string said = standardError.Trim();
        if (failure.WasKilled)
        {
            string words = said.Length == 0 ? "" : $" It had said: {LastLine(said)}";
            return new SandboxException($"The sandbox worker did not start. {failure.Message}{words}") { WasKilled = true };
        }

        string remedy = said switch
        {
            _ when Has("RTM_NEWADDR") || Has("setting up uid map") =>
                "AppArmor forbids user namespaces: run 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0' as root, "
                + "or give /usr/bin/bwrap an AppArmor profile that allows userns." + Without,
            _ when Has("No permissions to creat") || Has("Creating new namespace failed") || Has("clone") =>
                "user namespaces are refused: in a container start it with '--security-opt seccomp=unconfined "
                + "--security-opt apparmor=unconfined'; on a host run 'sysctl -w kernel.unprivileged_userns_clone=1' "
                + "and 'sysctl -w user.max_user_namespaces=15000' as root." + Without,
            _ when Has("ModuleNotFoundError") => "install the package for the system's Python, as root: sandbox/install NAME (or apt-get install python3-NAME).",
            _ when Has("PR_SET_SECCOMP") => "the kernel has no seccomp filters (CONFIG_SECCOMP_FILTER).",
            _ when Has("unshare(CLONE_NEWPID)") || Has("mount(/tmp)") =>
                "the container forbids namespaces inside of namespaces: start it with '--security-opt seccomp=unconfined "
                + "--security-opt apparmor=unconfined'." + Without,
            _ when Has("memfd_create") || Has("pidfd_open") || Has("SyntaxError") || Has("unknown option") || Has("Unknown option") =>
                "expected Linux 5.8, Python 3.11 and bubblewrap 0.5, or later.",
            _ => "run 'restem doctor' for the layers one by one.",
        };
        return new SandboxException($"The sandbox worker did not start ({(said.Length == 0 ? "it said nothing" : LastLine(said))}); {remedy}")
        {
            // One that was killed says nothing.
            IsSetUp = said.Length > 0,
        };

        // The last line of a Python traceback is the fault.
        static string LastLine(string text) => text[(text.LastIndexOf('\n') + 1)..];

        bool Has(string text) => said.Contains(text, StringComparison.Ordinal);
    }
}
