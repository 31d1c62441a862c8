namespace ReSTEM.Answers;

/// <summary>Steps that the functions of balls take, by measurement: at most 0.2 microseconds each.</summary>
/// <remarks>A series has terms in proportion to the bits, each a product of numbers of that length.</remarks>
internal static class SeriesCost
{
    /// <summary>Steps of a named function.</summary>
    /// <param name="name">The function; those that call others pay for no more than that.</param>
    /// <param name="arguments">Its arguments: complex ones take a second series.</param>
    /// <param name="precision">Bits.</param>
    internal static long Of(string name, ComplexBall[] arguments, int precision)
    {
        bool isReal = Array.TrueForAll(arguments, static argument => argument.IsReal);
        return name switch
        {
            "exp" or "cis" => isReal && name == "exp" ? Exponential(precision) : 3 * Exponential(precision),
            "sinh" or "cosh" => isReal ? 2 * Exponential(precision) : 6 * Exponential(precision),
            "sin" or "cos" or "sec" or "csc" => isReal ? 2 * Exponential(precision) : 3 * Exponential(precision),
            "tan" or "cot" => isReal ? 4 * Exponential(precision) : 6 * Exponential(precision),
            "ln" => Logarithm(isReal, precision),
            "log" => 2 * Logarithm(isReal, precision),
            "arsinh" or "arcosh" or "artanh" => Logarithm(false, precision),
            "arctan" or "arccot" or "arcsin" or "arccos" => Arctangent(precision),
            _ => Exponential(precision),
        };
    }

    /// <summary>Steps of a power by way of the logarithm.</summary>
    internal static long Power(bool isReal, int precision) => Logarithm(isReal, precision) + (isReal ? 1 : 3) * Exponential(precision);

    /// <summary>Steps of a square root.</summary>
    internal static long Root(int precision) => (long)precision * precision / 40_000;

    private static long Exponential(int precision) => (precision / 4) + ((long)precision * precision / 4_096 * precision / 4_096);

    private static long Logarithm(bool isReal, int precision) =>
        (2 * Exponential(precision)) + 50 + (precision / 4) + (isReal ? 0 : Arctangent(precision));

    private static long Arctangent(int precision) => (3 * Exponential(precision)) + 50;
}
