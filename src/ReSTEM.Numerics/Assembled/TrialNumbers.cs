namespace ReSTEM.Numerics;

/// <summary>Numbers that kernels are tried with: Marsaglia's xorshift (13, 7, 17), always the same.</summary>
internal sealed class TrialNumbers
{
    private ulong _state = 0x9E3779B97F4A7C15;

    /// <summary>48 bits.</summary>
    internal ulong Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return _state >> 16;
    }
}
