using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>The last resort: a number that stands alone as a value in the last sentence.</summary>
internal static partial class LastNumber
{
    /// <summary>Most words of a text without a closing mark that is taken for a short reply, not for a text that was cut off.</summary>
    private const int MaxReplyWords = 8;

    internal static Extraction? Find(string text, string prompt)
    {
        if (LastSentence.Of(text) is not var (sentence, ended) || LastSentence.IsNoStatement(sentence) || Reason().IsMatch(sentence) || LastSentence.IsQuoted(sentence, prompt))
        {
            return null;
        }

        var numbers = Number().Matches(sentence);
        if (numbers.Count == 0 || !StandsAlone(sentence, numbers))
        {
            return null;
        }

        string number = numbers[^1].Value;
        bool reply = numbers.Count == 1 && sentence.Length == text.Trim().Length && sentence.Count(static c => c == ' ') < MaxReplyWords
            && !OpenEnd().IsMatch(sentence) && !Number().Matches(prompt).Any(given => given.Value == number);
        if (!ended && !reply)
        {
            return null; // a text that breaks off may break off within a calculation
        }

        return new Extraction(number.Replace('−', '-'), "last-number");
    }

    private static bool StandsAlone(string sentence, MatchCollection numbers)
    {
        var last = numbers[^1];
        string before = sentence[..last.Index].TrimEnd(' ', '$', '\\');
        string after = sentence[(last.Index + last.Length)..];
        if (!Beginning().IsMatch(sentence.AsSpan(0, last.Index)) || !Ending().IsMatch(after) || Before().IsMatch(before))
        {
            return false;
        }

        // "5 of 12" is no 12, "a total of 12" is.
        if (Of().IsMatch(before) && numbers.Count > 1 && !Total().IsMatch(before))
        {
            return false;
        }

        // Another number directly before it makes a list, a range or a row.
        return numbers.Count == 1 || Separated().IsMatch(sentence.AsSpan((numbers[^2].Index + numbers[^2].Length)..last.Index));
    }

    /// <summary>A sign only after a blank, digits grouped or not, decimals, a simple fraction, a percent sign.</summary>
    [GeneratedRegex(@"(?:(?<=^|[\s($=])[-−])?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?(?:\s*\\?%)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?:^|[\s$(])$|\\\($|\*$|=\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();

    /// <summary>Words, or nothing: no sign, no raised or called text, no further bracket.</summary>
    [GeneratedRegex(@"^(?:\\?\$|\\\)|\*)*(?:[,;)]?\s+(?!(?:times|of|out|to|or|and|more|less|fewer|plus|minus|divided|am|pm|a\.m|p\.m|o'clock|million|billion|thousand|hundred|dozen|th)\b)\p{L}[^\d=<>+^/*()\[\]{}\\]*|[,;)]?\s*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    /// <summary>Words and signs that make the number part of something else.</summary>
    [GeneratedRegex(
        @"(?:[-+*/^_:,;<>≤≥≠√π(\[{|]|\b(?:step|part|case|equation|eq|page|chapter|figure|problem|question|option|choice|line|section|exercise|example|row|column|room|type|level|grade|base|mod|modulo|per|every|each|number|no|the|than|to|through|least|most|or|and|by|about|approximately|roughly|nearly|around|over|under|above|below|within|until|since|after|before|year|version|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|minus|plus|times|sqrt|root|half|twice|double|log|negative))$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Before();

    /// <summary>A word that no sentence ends with.</summary>
    [GeneratedRegex(@"(?:\b(?:and|or|the|a|an|of|per|to|for|with|is|are|so|but|then|in|on|at|by|from|each|every|which|that|because|since|how|she|he|it|they|we|her|his|their)|\d)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OpenEnd();

    /// <summary>What follows is a reason, not a result.</summary>
    [GeneratedRegex(@"\bbecause\b|(?<=\S\s*)\bsince\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reason();

    [GeneratedRegex(@"\bof$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Of();

    [GeneratedRegex(@"\b(?:total|sum|profit|loss|amount|cost|price|distance|average|mean|maximum|minimum|grand total|earnings|difference) of$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Total();

    /// <summary>What may stand between an earlier number and the last one: words or an equals sign.</summary>
    [GeneratedRegex(@"\p{L}{2,}|=", RegexOptions.CultureInvariant)]
    private static partial Regex Separated();
}
