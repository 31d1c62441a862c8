using System.Collections.Frozen;

namespace ReSTEM.Answers;

/// <summary>Units of measure: one name for all spellings of a unit, and its size in the base unit of its dimension.</summary>
internal static class Units
{
    // unit: dimension and size in the dimension's base unit (metre, second, gram, litre, degree, dollar).
    private static readonly (string Names, string Dimension, Rational Size)[] Table =
    [
        ("mm,millimeter,millimetre", "length", new(1, 1000)), ("cm,centimeter,centimetre", "length", new(1, 100)),
        ("m,meter,metre", "length", 1), ("km,kilometer,kilometre", "length", 1000),
        ("in,inch,inches", "length", new(254, 10_000)), ("ft,foot,feet", "length", new(3048, 10_000)),
        ("yd,yard", "length", new(9144, 10_000)), ("mi,mile", "length", new(1_609_344, 1000)),
        ("ms,millisecond", "time", new(1, 1000)), ("s,sec,second", "time", 1), ("min,minute", "time", 60), ("h,hr,hour", "time", 3600),
        ("day", "time", 86_400), ("wk,week", "time", 604_800), ("month", "month", 1), ("yr,year", "month", 12),
        ("mg,milligram", "mass", new(1, 1000)), ("g,gm,gram", "mass", 1), ("kg,kilogram", "mass", 1000),
        ("oz,ounce", "weight", 1), ("lb,lbs,pound", "weight", 16), ("ton", "weight", 32_000),
        ("ml,mL,milliliter,millilitre", "volume", new(1, 1000)), ("L,liter,litre", "volume", 1),
        ("cup", "capacity", 1), ("pint", "capacity", 2), ("qt,quart", "capacity", 4), ("gal,gallon", "capacity", 16),
        ("deg,degree", "angle", 1), ("rad,radian", "radian", 1),
        ("cent,penny,pennies", "money", new(1, 100)), ("dollar,usd,USD,buck", "money", 1), ("euro", "euro", 1),
        ("mph", "speed", 1), ("kph,km/h", "speed-metric", 1), ("acre", "acre", 1), ("unit", "unit", 1),
    ];

    private static readonly FrozenDictionary<string, (string Dimension, Rational Size)> ByName = Table
        .SelectMany(unit => unit.Names.Split(',').SelectMany(name => new[] { name, name.ToLowerInvariant() + "s", name.ToLowerInvariant() })
            .Select(name => (Name: name, unit.Dimension, unit.Size)))
        .DistinctBy(unit => unit.Name).ToFrozenDictionary(unit => unit.Name, unit => (unit.Dimension, unit.Size));

    /// <summary>Whether a run of letters in plain text is a unit; single letters are variables there.</summary>
    internal static bool IsKnown(string word) => word.Length > 1 && ByName.ContainsKey(word) && word is not ("in" or "ms" or "mi" or "as");

    private const int MaxPower = 4;

    /// <summary>The unit that words name, in one spelling: "square" and "cubic" as powers.</summary>
    internal static Unit Read(string words)
    {
        string unit = words.Replace("sq.", "square", StringComparison.Ordinal).Replace("cu.", "cubic", StringComparison.Ordinal)
            .Trim(' ', '.', ',', '~');
        string[] parts = unit.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        string power = "";
        if (parts.Length > 1 && parts[0] is "square" or "sq" or "Square")
        {
            (power, parts) = ("^2", parts[1..]);
        }
        else if (parts.Length > 1 && parts[0] is "cubic" or "cu" or "Cubic")
        {
            (power, parts) = ("^3", parts[1..]);
        }
        else if (parts.Length > 1 && parts[^1] is "squared" or "cubed")
        {
            (power, parts) = (parts[^1] == "squared" ? "^2" : "^3", parts[..^1]);
        }

        string name = string.Join(' ', parts).Replace(" ^", "^", StringComparison.Ordinal).TrimEnd('.') + power;
        string[] scripted = name.Split('^');
        return new Unit(name, scripted[0], scripted.Length > 1 && int.TryParse(scripted[1], out int read) && read is > 0 and <= MaxPower ? read : 1);
    }

    /// <summary>Dimension (with its power) and size of a unit; null for words that are no unit.</summary>
    internal static (string Dimension, Rational Size)? Find(Unit unit)
    {
        if (!ByName.TryGetValue(unit.Base, out var found) && !ByName.TryGetValue(unit.Base.ToLowerInvariant(), out found))
        {
            return null;
        }

        return (unit.Power == 1 ? found.Dimension : $"{found.Dimension}^{unit.Power}", found.Size.Power(unit.Power));
    }
}
