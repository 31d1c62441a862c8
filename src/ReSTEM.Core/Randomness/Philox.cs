namespace ReSTEM.Core;

/// <summary>The counter-based random number generator Philox4x32-10: a block of 128 random bits is a pure function of key and counter.</summary>
/// <remarks>Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3 and table 2.</remarks>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The block at <paramref name="counter"/> under <paramref name="key"/>.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(
        (uint K0, uint K1) key, (uint C0, uint C1, uint C2, uint C3) counter)
    {
        var (k0, k1) = key;
        var (x0, x1, x2, x3) = counter;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * x0;
            ulong product1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = (
                (uint)(product1 >> 32) ^ x1 ^ k0, (uint)product1,
                (uint)(product0 >> 32) ^ x3 ^ k1, (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (x0, x1, x2, x3);
    }
}
