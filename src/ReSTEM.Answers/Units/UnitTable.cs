using System.Collections.Frozen;
using System.Globalization;

namespace ReSTEM.Answers;

/// <summary>Units of measure: all spellings of a unit, its dimension, and its size in the base units of that dimension.</summary>
/// <remarks>
/// Base units: metre, gram, second, month, degree, bit, mole, kelvin, ampere, and one of each currency. A dimension is written as
/// base quantities with their powers. Dimensions that differ only by a conversion that is not a factor (temperatures, which <see cref="Temperatures"/> converts) or not
/// exact (months and days) are kept apart.
/// </remarks>
internal static class UnitTable
{
    /// <summary>Each line: size, dimension (blanks as +), then the names; plurals with s are added to names of words.</summary>
    private const string Lines = """
        254/10000 length in inch inches
        3048/10000 length ft foot feet
        9144/10000 length yd yard yds
        1609344/1000 length mi mile
        1852 length nmi nautical_mile
        9460730472580800 length ly light_year lightyear
        149597870700 length au astronomical_unit
        201168/1000 length furlong
        1/10000000000 length angstrom Å
        60 time min minute mins
        3600 time h hr hour hrs
        86400 time day d
        604800 time wk week
        1 month month mo
        12 month yr year
        120 month decade
        1200 month century centuries
        45359237/1600000 mass oz ounce
        45359237/100000 mass lb lbs pound
        635029318/100000 mass stone
        907184740/1000 mass ton short_ton tn
        1000000 mass tonne metric_ton t
        200/1000 mass carat
        4046856422400/1000000000 length^2 acre
        10000 length^2 ha hectare
        1/1000000 length^3 cc
        3785411784/1000000000000 length^3 gal gallon
        3785411784/4000000000000 length^3 qt quart
        3785411784/8000000000000 length^3 pt pint
        3785411784/16000000000000 length^3 cup
        3785411784/128000000000000 length^3 fl_oz fluid_ounce
        3785411784/256000000000000 length^3 tbsp tablespoon
        3785411784/768000000000000 length^3 tsp teaspoon
        158987294928/1000000000000 length^3 barrel
        1609344/3600000 length+time^-1 mph
        1000/3600 length+time^-1 kph kmh kmph
        1852/3600 length+time^-1 knot
        3048/10000 length+time^-1 fps
        1609344000000000/3785411784 length^-2 mpg
        1/60 time^-1 rpm
        1 angle deg degree °
        1/60 angle arcminute arcmin
        1/3600 angle arcsecond arcsec
        1/10000 mass+length^2+time^-2 erg
        1/100 mass+length+time^-2 dyn dyne
        1 parsec pc parsec
        1000 parsec kpc kiloparsec
        1000000 parsec Mpc megaparsec
        1 jansky Jy jansky
        1/10000 mass+time^-2+current^-1 gauss
        1 radian rad radian rads
        360 angle revolution rev
        1 celsius °C degC degree_C degree_celsius degrees_celsius celsius ℃
        1 fahrenheit °F degF degree_F degree_fahrenheit degrees_fahrenheit fahrenheit ℉
        1 percentage-point percentage_point
        1/100 dollar cent ¢ penny pennies
        1 dollar dollar $ usd USD US$ buck us_dollar u.s._dollar
        1 euro € euro EUR eur
        1 sterling £ GBP gbp quid pound_sterling pounds_sterling british_pound
        1/100 sterling pence
        1 yen ¥ yen JPY jpy
        1 yuan yuan RMB CNY cny rmb renminbi
        1 rupee ₹ rupee INR inr Rs rs
        1 won ₩ won KRW
        1 ruble ₽ ruble RUB rouble
        1 peso peso
        1 franc franc CHF
        1 australian-dollar AUD aud A$ australian_dollar
        1 canadian-dollar CAD cad C$ canadian_dollar
        1 hongkong-dollar HKD HK$
        1 data bit
        8 data byte B
        1024 data-binary KiB
        1048576 data-binary MiB
        1073741824 data-binary GiB
        101325000 mass+length^-1+time^-2 atm atmosphere
        101325000/760 mass+length^-1+time^-2 torr
        44482216152605/6451600 mass+length^-1+time^-2 psi
        44482216152605/10000000000 mass+length+time^-2 lbf pound-force
        1055055852620/1000000 mass+length^2+time^-2 btu BTU
        74569987158227022/100000000000 mass+length^2+time^-3 hp horsepower
        3600000000 mass+length^2+time^-2 kWh kilowatt-hour
        1 unit unit
        """;

    /// <summary>Each line: size, dimension, symbol, name, then the prefixes that are in use with it.</summary>
    private const string Prefixed = """
        1 length m meter - k c m d μ n h
        1 length m metre - k c m d μ n h
        1 mass g gram - k m μ c
        1 mass gm gramme -
        1 time s second - m μ n
        1 time sec second -
        1/1000 length^3 L liter - m c d μ k
        1/1000 length^3 l litre - m c d μ k
        1000 mass+length^2+time^-3 W watt - k M G m
        1000 mass+length^2+time^-2 J joule - k M G m
        1000 mass+length+time^-2 N newton - k M m
        1000 mass+length^-1+time^-2 Pa pascal - k M G h
        100000000 mass+length^-1+time^-2 bar bar - m
        1 time^-1 Hz hertz - k M G T
        1000 mass+length^2+time^-3+current^-1 V volt - k m
        1 current A amp - m μ
        1 current A ampere - m μ
        1 current+time C coulomb - m μ n
        1000 mass+length^2+time^-3+current^-2 Ω ohm - k M
        1/1000 mass^-1+length^-2+time^4+current^2 F farad - μ n p
        1000 mass+time^-2+current^-1 T tesla - m μ
        4184 mass+length^2+time^-2 cal calorie - k
        1602176634/10000000000000000000000000 mass+length^2+time^-2 eV electronvolt - k M G
        1 amount mol mole - m μ
        1 kelvin K kelvin -
        1 data b bit - k M G T
        8 data B byte - k M G T
        """;

    private static readonly FrozenDictionary<string, Rational> Prefixes = new Dictionary<string, Rational>
    {
        ["-"] = 1,
        ["k"] = 1000,
        ["M"] = 1_000_000,
        ["G"] = 1_000_000_000,
        ["T"] = new(1_000_000_000_000),
        ["h"] = 100,
        ["d"] = new(1, 10),
        ["c"] = new(1, 100),
        ["m"] = new(1, 1000),
        ["μ"] = new(1, 1_000_000),
        ["n"] = new(1, 1_000_000_000),
        ["p"] = new(1, 1_000_000_000_000),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> PrefixNames = NameTable.Of("""
        k kilo
        M mega
        G giga
        T tera
        h hecto
        d deci
        c centi
        m milli
        μ micro
        n nano
        p pico
        """).ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    private static readonly FrozenDictionary<string, (string Dimension, Rational Size)> ByName = All().DistinctBy(unit => unit.Name)
        .ToFrozenDictionary(unit => unit.Name, unit => (unit.Dimension, unit.Size));

    /// <summary>Single letters that plain text may use as units after a blank, as in <c>12 m</c>; others are variables.</summary>
    private const string PlainSymbols = "mgsLJW";

    /// <summary>Dimension and size of a unit by its name; symbols as they are written, words in any case. Null when it is none.</summary>
    internal static (string Dimension, Rational Size)? Find(string name) =>
        ByName.TryGetValue(name, out var found) || (name.Length > 1 && ByName.TryGetValue(name.ToLowerInvariant(), out found)) ? found : null;

    /// <summary>Whether a run of letters in plain text is a unit; single letters and words that mean something else are not.</summary>
    internal static bool IsKnown(string word) =>
        word.Length > 1 && word is not ("in" or "mi" or "au" or "as" or "mo" or "bar" or "ha" or "ly" or "pt" or "pc" or "dyn" or "tn" or "rad" or "rev" or "cal" or "yen" or "won" or "mol" or "min")
        && Find(word) is not null;

    /// <summary>Whether a letter, alone or in a product of letters after a number and a blank, may be a unit.</summary>
    internal static bool IsPlainSymbol(string name) => name.Length == 1 && PlainSymbols.Contains(name[0], StringComparison.Ordinal);

    /// <summary>Whether a dimension is money of one currency.</summary>
    internal static bool IsCurrency(string dimension) =>
        dimension is "dollar^1" or "euro^1" or "sterling^1" or "yen^1" or "yuan^1" or "rupee^1" or "won^1" or "ruble^1" or "peso^1" or "franc^1"
        || dimension.EndsWith("-dollar^1", StringComparison.Ordinal);

    private static IEnumerable<(string Name, string Dimension, Rational Size)> All()
    {
        foreach (string line in Lines.Split('\n'))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var size = Number(parts[0]);
            foreach (string name in parts[2..])
            {
                foreach (string spelling in Spellings(name.Replace('_', ' ')))
                {
                    yield return (spelling, parts[1], size);
                }
            }
        }

        foreach (string line in Prefixed.Split('\n'))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (string prefix in parts[4..])
            {
                var size = Number(parts[0]) * Prefixes[prefix];
                string symbol = prefix == "-" ? "" : prefix;
                yield return (symbol + parts[2], parts[1], size);
                foreach (string spelling in Spellings((prefix == "-" ? "" : PrefixNames[prefix]) + parts[3]))
                {
                    yield return (spelling, parts[1], size);
                }
            }
        }
    }

    private static IEnumerable<string> Spellings(string name) => name.Length > 2 && char.IsAsciiLetter(name[^1]) ? [name, name + "s"] : [name];

    private static Rational Number(string text)
    {
        string[] parts = text.Split('/');
        var numerator = System.Numerics.BigInteger.Parse(parts[0], CultureInfo.InvariantCulture);
        return parts.Length == 1
            ? new Rational(numerator)
            : new Rational(numerator, System.Numerics.BigInteger.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
