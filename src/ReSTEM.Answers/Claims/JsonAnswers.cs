using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>The value of a key "answer" in an object of JSON, as prompts that ask for JSON get it.</summary>
internal static partial class JsonAnswers
{
    /// <summary>Most keys that are looked at.</summary>
    private const int MaxKeys = 40;

    /// <summary>The claims in order; a list or an object as a value is none.</summary>
    internal static List<Claim> Find(string text, Func<string, string, bool> same)
    {
        var claims = new List<Claim>();
        foreach (Match match in Key().Matches(text))
        {
            // Mathematics in JSON has its backslashes twice, unless the writer forgot.
            string value = match.Groups["text"].Value.Replace("\\\\", "\\", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal);
            string answer = value.Contains("boxed", StringComparison.Ordinal) ? AnswerExtractor.Find(value, "", false, same)?.Text ?? "" : AnswerValue.Undressed(value);
            if (answer.Length > 0 && claims.Count < MaxKeys)
            {
                claims.Add(new Claim(match.Index, match.Index + match.Length, answer, "json", ClaimRank.Tagged) { IsValue = AnswerValue.IsValue(answer) });
            }
        }

        return claims;
    }

    [GeneratedRegex("""["'](?:final[_ ]?)?answer["']\s*:\s*(?:"(?<text>(?:[^"\\\n]|\\.){1,400})"|'(?<text>[^'\n]{1,400})'|(?<text>-?\d[\d.eE+/-]{0,60}|true|false))\s*(?=[,}\n]|$)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
