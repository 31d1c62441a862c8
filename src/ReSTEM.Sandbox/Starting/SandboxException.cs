namespace ReSTEM.Sandbox;

/// <summary>The sandbox itself failed, or cannot exist here; says nothing about the submission.</summary>
public sealed class SandboxException : Exception
{
    /// <summary>A failure with its cause and, where there is one, the remedy.</summary>
    public SandboxException(string message)
        : base(message)
    {
    }

    /// <summary>Whether it is the set-up that fails, so that many more tries would be in vain.</summary>
    public bool IsSetUp { get; init; }

    /// <summary>
    /// Whether a process of the sandbox was killed (SIGKILL) by somebody else, as the kernel does when memory is short: that says nothing
    /// about the layers, and the next may live.
    /// </summary>
    public bool WasKilled { get; init; }

    /// <summary>A failure that another one caused.</summary>
    public SandboxException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
