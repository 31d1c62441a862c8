namespace ReSTEM.Numerics;

/// <summary>
/// The arithmetic of all int8 products, written out number by number: what every kernel must give, bit for bit. A column of weights is
/// integers of -127 to 127 and one scale; a row of activations is integers of -127 to 127 and a scale for each group of 128. The products
/// of a group are added exactly, as integers; the groups' sums, times their scales, are one chain of float32 multiply-adds in ascending
/// order from 0; the result is that chain times the column's scale, plus the start, by one multiply-add.
/// </summary>
/// <remarks>
/// A scale for each output and each row as in Dettmers et al. 2022, arXiv:2208.07339, section 3; in groups, a large activation costs its
/// 127 neighbours precision and no others.
/// </remarks>
internal static class ByteSum
{
    /// <summary>Activations with a scale of their own.</summary>
    internal const int GroupLength = 128;

    /// <summary>Largest magnitude of an integer.</summary>
    internal const int Largest = 127;

    // numbers all below this are zeros: 127 divided by them would be no float32
    private const float Least = 7.5231638e-37f; // 2^-120

    /// <summary>The scale of some numbers: what the integer 1 stands for.</summary>
    /// <param name="largest">Of their magnitudes; no number if one of them is none or infinite.</param>
    internal static float Scale(float largest) => largest < Least ? 0 : largest / Largest;

    /// <summary>What a number is multiplied by before it is rounded.</summary>
    /// <param name="largest">As of <see cref="Scale"/>.</param>
    internal static float Inverse(float largest) => largest >= Least ? Largest / largest : 0;

    /// <summary>The nearest integer, halfway to even.</summary>
    internal static int Round(float value, float inverse) => (int)MathF.Round(value * inverse, MidpointRounding.ToEven);

    /// <summary>The chain after another group.</summary>
    /// <param name="chain">Where it stands.</param>
    /// <param name="products">Sum of the group's products.</param>
    /// <param name="scale">Of the group.</param>
    internal static float Add(float chain, int products, float scale) => MathF.FusedMultiplyAdd(products, scale, chain);

    /// <summary>The result of a whole chain.</summary>
    internal static float End(float chain, float columnScale, float start) => MathF.FusedMultiplyAdd(chain, columnScale, start);
}
