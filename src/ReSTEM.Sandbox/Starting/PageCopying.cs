namespace ReSTEM.Sandbox;

/// <summary>When a child gets its own copy of the memory that it will write to, before it runs anything; numbered as in <c>cheap_forks.py</c>.</summary>
internal enum PageCopying
{
    /// <summary>Where each worker finds at its start that copies cost less than page faults.</summary>
    Measured,

    /// <summary>Pages are copied by the kernel, each when it is written to.</summary>
    Never,

    /// <summary>Always, where there is a routine for the processor.</summary>
    Always,
}
