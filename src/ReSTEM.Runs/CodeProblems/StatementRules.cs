using System.Globalization;
using System.Text.RegularExpressions;
using ReSTEM.Arithmetic;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Reads from a problem's text how its outputs are to be compared: only from sentences about the answer, one at a time.</summary>
internal static partial class StatementRules
{
    private const double DefaultTolerance = 1e-6;
    private static readonly string[] NumberWords = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    /// <summary>The rule; by value, one output, case and order matter, unless a sentence says otherwise.</summary>
    /// <param name="statement">The problem's text.</param>
    /// <param name="printed">
    /// Whether outputs are printed: then a number of so many places may be off by half a unit of the last. A function that is asked to round
    /// returns a rounded number.
    /// </param>
    internal static OutputRule Of(string statement, bool printed = true)
    {
        string[] sentences = SentenceEnd().Split(Superscripts(statement));
        var (tolerance, kind) = sentences.Select(ToleranceOf).FirstOrDefault(found => found.Value > 0);
        return new OutputRule
        {
            Tolerance = tolerance > 0 || !printed ? tolerance : sentences.Select(PlacesOf).FirstOrDefault(found => found > 0),
            ToleranceIs = tolerance > 0 ? kind : ToleranceKind.Absolute,
            IgnoreCase = sentences.Any(MeansAnyCase),
            AnyOrder = sentences.Any(sentence => AnyOrder().IsMatch(sentence)),
            OtherOutputsMayBeRight = sentences.Any(sentence => AnyAnswer().IsMatch(sentence)),
        };
    }

    private static (double Value, ToleranceKind Kind) ToleranceOf(string sentence)
    {
        bool absolute = Absolute().IsMatch(sentence);
        bool relative = Relative().IsMatch(sentence);
        bool named = (absolute || relative) && Error().IsMatch(sentence);
        bool bounded = Bounded().IsMatch(sentence) && AboutAnswer().IsMatch(sentence);
        if ((!named && !bounded) || (AboutInput().IsMatch(sentence) && !AboutAnswer().IsMatch(sentence)))
        {
            return default;
        }

        var kind = (absolute, relative) switch
        {
            (true, true) => ToleranceKind.AbsoluteOrRelative,
            (false, true) => ToleranceKind.Relative,
            _ => ToleranceKind.Absolute,
        };
        Match power = Power().Match(sentence);
        return power.Success
            ? (power.Groups[1].Success
                ? Elementary.Pow(10, -int.Parse(power.Groups[1].Value, CultureInfo.InvariantCulture))
                : double.Parse(power.Value, CultureInfo.InvariantCulture), kind)
            : named ? (DefaultTolerance, kind) : default;
    }

    // A number printed to k places is off by at most half a unit of the last; so is the published one.
    private static double PlacesOf(string sentence)
    {
        Match places = Places().Match(sentence);
        if (!places.Success || !AboutAnswer().IsMatch(sentence))
        {
            return 0;
        }

        string count = places.Groups[1].Value.ToLowerInvariant();
        int digits = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : Array.IndexOf(NumberWords, count) + 1;
        return digits is >= 1 and <= 15 ? 0.5000001 * Elementary.Pow(10, -digits) : 0;
    }

    // "in any case" alone means "anyhow"; it is about letters where these are named, or a word to print is quoted.
    private static bool MeansAnyCase(string sentence) =>
        (AnyCase().IsMatch(sentence) && Letters().IsMatch(sentence) && !ChangesCase().IsMatch(sentence)) || CaseInsensitive().IsMatch(sentence);

    private static string Superscripts(string text) => text
        .Replace("10\u207B", "10^-", StringComparison.Ordinal)
        .Replace('\u2070', '0').Replace('\u00B9', '1').Replace('\u00B2', '2').Replace('\u00B3', '3').Replace('\u2074', '4')
        .Replace('\u2075', '5').Replace('\u2076', '6').Replace('\u2077', '7').Replace('\u2078', '8').Replace('\u2079', '9');

    [GeneratedRegex(@"(?<=[.!?])\s+|\r?\n\s*\r?\n")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\babs(olute|\.)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Absolute();

    [GeneratedRegex(@"\brel(ative|\.)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Relative();

    [GeneratedRegex(@"\b(errors?|precision|deviation|accuracy|tolerance)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Error();

    [GeneratedRegex(@"\b(errors?|differences?|differs?|precision|deviat\w+|accuracy|tolerance|off)\b.{0,120}?(?<power>10\s*(\^|\*\*)?\s*\{?\s*[-\u2212\u2013]\s*\d{1,2}|1e-\d{1,2}|0\.0+1)|\b(within|up to)\s+\$?\s*(10\s*(\^|\*\*)?\s*\{?\s*[-\u2212\u2013]\s*\d{1,2}|1e-\d{1,2}|0\.0+1)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Bounded();

    [GeneratedRegex(@"10\s*(?:\^|\*\*)?\s*\{?\s*[-\u2212\u2013]\s*(\d{1,2})|1e-\d{1,2}|0\.0+1", RegexOptions.IgnoreCase)]
    private static partial Regex Power();

    [GeneratedRegex(@"\b(answers?|outputs?|results?|accept\w*|judge\w*|jury\w*|checker\w*|print\w*|display\w*|return\w*|correct\w*|round\w*|accurate\w*|solutions?|considered)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AboutAnswer();

    [GeneratedRegex(@"\b(given|inputs?|contains?|each line|specified)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AboutInput();

    [GeneratedRegex(@"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:or more\s+)?(?:decimals?\b|decimal (?:places?|digits?|points?)|(?:digits?|places?|figures?|numbers?)\s+(?:after|behind|to the right of|past|following)\s+(?:the\s+)?(?:decimal|comma|point|dot)|fractional digits|places of decimals)", RegexOptions.IgnoreCase)]
    private static partial Regex Places();

    [GeneratedRegex(@"\b(in|with|using)\s+(any|either|arbitrary|whatever|whichever)(\s+(letter|character))?\s+(case|register)\b(?!\s*[,:]?\s*(its|the|there|it|we|you should)\b)|\bany\s+(letter\s+)?case\s+(you|is|will|of)\b|\b(upper|lower)(\s*-?\s*case)?\s+(or|and)\s+(upper|lower)\s*-?\s*case\b|\bcase (of (the )?letters? )?(does not|doesn't|is not|isn't) (matter|important)", RegexOptions.IgnoreCase)]
    private static partial Regex AnyCase();

    [GeneratedRegex(@"\b(letters?|characters?|symbols?|register|yes|no)\b(?<=(print|output|answer|write|you (can|may)|accept|display|return).{0,200})|(print|output|answer|write|display|return).{0,80}[""'\u201C\u2018`][A-Za-z]+[""'\u201D\u2019`]", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Letters();

    // A statement whose answer depends on the case of letters leaves nobody free to choose it.
    [GeneratedRegex(@"\b(whichever|depending|respectively|according|swap\w*|chang\w*|convert\w*|opposite|replac\w*|invert\w*|alternat\w*|transform\w*)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ChangesCase();

    [GeneratedRegex(@"(answers?|outputs?|checker|judge\w*|print\w*|verdict|grader|jury).{0,80}case[- ]?insensitive|case[- ]?insensitive.{0,40}(answers?|outputs?|checker|judge\w*|grader)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex CaseInsensitive();

    [GeneratedRegex(@"\b(print\w*|outputs?|outputted|returns?|returned|display\w*|write|written|report\w*|answers?|list them|give)\b[^;:]{0,100}?(?<!\bnot\s)(?<!\b(?:performed|visited|chosen|done|applied|processed|executed|read|received|entered|supplied|taken|made|completed|arrive|come)\s)(?<!(?<!\b(?:answers?|outputs?|results?|solutions?)\s+(?:can|may|could)\s+be\s)\bgiven\s)\bin\s+(any|an arbitrary|arbitrary|whatever|no particular)\s+order\b|\border\b.{0,60}\b(outputs?|answers?|results?|returned|printed)\b.{0,40}\b(does not|doesn't|is not|isn't|not)\s+(matter|important)|\b(outputs?|answers?|results?|returned|printed|return)\b.{0,60}\border\b.{0,30}\b(does not|doesn't|is not|isn't)\s+(matter|important)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex AnyOrder();

    [GeneratedRegex(@"(?<!\bnot\s)(?<!n't\s)\b(print|output|return|find|report|choose|give|write|display|provide|construct)\s+any\s*(?:$|[.,;)]|(one\s+)?(of\s+(them|these|those|it)|such|valid|possible|correct|suitable|solution|answer|appropriate|optimal|one\b)|of\s+the\s+(\w+\s+)?(answers|solutions|ways|options|optimal))|\bany\s+(of\s+(them|these|those)|(valid|correct|possible|such)\s+(answer|solution|output|one)s?)\b.{0,40}\b(accept\w*|allowed|fine|ok|correct|printed|output)\b|\b(several|multiple|many|more than one|different|various)\b.{0,60}\b(answers?|solutions?|ways|options|outputs?|possibilities)\b.{0,80}\b(any|whichever|arbitrary|either)\b(?!\s+(order|case))|\b(answer|solution)s? (is|are|may|might|need) not (be )?(necessarily )?unique", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex AnyAnswer();
}
