namespace ReSTEM.Core;

/// <summary>What a stated tolerance is about.</summary>
public enum ToleranceKind
{
    /// <summary>The difference, or the difference as a share of the right number.</summary>
    AbsoluteOrRelative,

    /// <summary>The difference alone.</summary>
    Absolute,

    /// <summary>The difference as a share of the right number alone.</summary>
    Relative,
}
