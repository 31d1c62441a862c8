namespace ReSTEM.Answers;

/// <summary>
/// Temperatures on the scales of Celsius, Fahrenheit and Kelvin, whose conversions have an offset (SI Brochure, 9th edition, 2.3.1:
/// t/°C = T/K - 273.15; NIST SP 811, B.8: t/°F = 1.8 t/°C + 32).
/// </summary>
internal static class Temperatures
{
    /// <summary>A temperature in kelvins; null for a unit that is no temperature, a rate, or a power of one.</summary>
    internal static Node? Kelvins(Node value, Unit unit) => unit.Per.Length > 0 ? null : unit.Dimension switch
    {
        "kelvin^1" => value,
        "celsius^1" => Node.Of(NodeKind.Sum, value, Number(new Rational(27315, 100))),
        "fahrenheit^1" => Node.Of(NodeKind.Product, Node.Of(NodeKind.Sum, value, Number(new Rational(45967, 100))), Number(new Rational(5, 9))),
        _ => null,
    };

    private static Node Number(Rational value) => new() { Kind = NodeKind.Number, Value = value };
}
