using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Finds what follows "the answer is" and its like, a heading called Answer, or #### at the start of a line.</summary>
internal static partial class LeadIns
{
    /// <summary>Most lead-ins, from the end, that are looked at.</summary>
    private const int MaxTries = 64;

    /// <summary>Most characters behind lead-ins, from the end, that are read as answers.</summary>
    private const int MaxRead = 8 * AnswerReader.MaxLength;

    /// <summary>Most characters of a lead-in.</summary>
    private const int MaxLength = 110;

    private static readonly string[] Keys = ["answer", "option", "choice", "Ans", "答案", "答：", "答:", "respuesta", "réponse", "Antwort", "Ответ", "answr"];

    /// <summary>The claims in the order of the text.</summary>
    internal static List<Claim> Find(string text, Func<string, string, bool> same)
    {
        var found = new List<Claim>();
        int read = 0;
        foreach (int start in Places(text).Reverse().TakeWhile(_ => read < MaxRead))
        {
            if (At(text, start, same, ref read) is { } claim)
            {
                found.Insert(0, claim);
            }
        }

        var claims = new List<Claim>();
        foreach (var claim in found.Where(claim => claims.Count == 0 || claim.Start >= claims[^1].Start))
        {
            claims.Add(claim);
        }

        return claims;
    }

    /// <summary>The last lines that are marked with ####, unless they are headings.</summary>
    internal static List<Claim> Marked(string text, Func<string, string, bool> same)
    {
        var claims = new List<Claim>();
        int before = text.Length;
        for (int tries = 0; tries < MaxTries && before > 0; tries++)
        {
            int marker = text.LastIndexOf("####", before - 1, StringComparison.Ordinal);
            if (marker < 0)
            {
                break;
            }

            before = marker;
            int end = text.IndexOf('\n', marker);
            string line = text[(marker + 4)..(end < 0 ? text.Length : end)].Trim();
            var (answer, value) = AnswerValue.Of(Sentences.First(line), same);
            bool heading = line.Length == 0 || (!value && Heading().IsMatch(line));
            if (!heading && answer.Length > 0)
            {
                claims.Insert(0, new Claim(marker, end < 0 ? text.Length : end, answer, "marker", ClaimRank.Final) { IsValue = value });
            }
        }

        return claims;
    }

    private static SortedSet<int> Places(string text)
    {
        var places = new SortedSet<int>();
        foreach (string key in Keys)
        {
            var comparison = key is "Ans" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            int before = text.Length;
            for (int tries = 0; tries < MaxTries && before > 0; tries++)
            {
                int found = text.LastIndexOf(key, before - 1, comparison);
                if (found < 0)
                {
                    break;
                }

                before = found;
                places.Add(found);
            }
        }

        return places;
    }

    private static Claim? At(string text, int place, Func<string, string, bool> same, ref int read)
    {
        int sentence = Sentences.StartOf(text, place);
        string before = text[sentence..place];
        string window = text.Substring(place, Math.Min(MaxLength, text.Length - place));
        if (NoClaim().IsMatch(window) || Conditional().IsMatch(before))
        {
            return null;
        }

        bool several = window.StartsWith("options", StringComparison.OrdinalIgnoreCase) || window.StartsWith("choices", StringComparison.OrdinalIgnoreCase);
        if (several && !Right().IsMatch(before))
        {
            return null;
        }

        bool denied = Wrong().IsMatch(before);
        var rank = Final().IsMatch(before) ? ClaimRank.Final : Conclusion().IsMatch(before) ? ClaimRank.Concluded : ClaimRank.Plain;
        if (Backward().IsMatch(before) && !Forward().IsMatch(window))
        {
            return Before(text, sentence, place, rank, same);
        }

        var lead = Forward().Match(window);
        if (!lead.Success)
        {
            return null;
        }

        denied |= lead.Groups["not"].Success;
        int start = place + lead.Length;
        string answer = Following(text, start, out int end);
        if (window[..lead.Length].Contains("ption", StringComparison.OrdinalIgnoreCase) && lead.Groups["label"].Success)
        {
            answer = lead.Groups["label"].Value;
            denied |= Rejected().IsMatch(window[lead.Length..]);
        }

        read += answer.Length;
        var (value, isValue) = AnswerValue.Of(answer, same);
        return value.Length == 0 ? null : new Claim(sentence, end, value, "phrase", rank) { IsDenied = denied, IsValue = isValue };
    }

    /// <summary>"6 is our answer".</summary>
    private static Claim? Before(string text, int sentence, int place, ClaimRank rank, Func<string, string, bool> same)
    {
        var back = Backward().Match(text[sentence..place]);
        var (value, read) = AnswerValue.Of(text[sentence..(sentence + back.Index)], same);
        return read ? new Claim(sentence, place, value, "phrase", rank) : null;
    }

    /// <summary>What follows a lead-in: display mathematics as a whole, else the rest of the sentence on its line.</summary>
    private static string Following(string text, int start, out int end)
    {
        while (start < text.Length && (char.IsWhiteSpace(text[start]) || text[start] is ':' or '*' or '：'))
        {
            start++;
        }

        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)[("\\[", "\\]"), ("$$", "$$"), ("\\begin{", "\\end{")])
        {
            if (text.AsSpan(start).StartsWith(open, StringComparison.Ordinal))
            {
                int found = text.IndexOf(close, start + open.Length, StringComparison.Ordinal);
                if (found > 0 && found - start < AnswerReader.MaxLength)
                {
                    bool environment = open[1] == 'b';
                    int after = environment ? text.IndexOf('}', found) + 1 : found + close.Length;
                    end = after > 0 ? after : text.Length;
                    return environment ? text[start..end] : text[(start + open.Length)..found];
                }
            }
        }

        int line = text.AsSpan(start).IndexOf('\n');
        line = Math.Min(line < 0 ? text.Length : start + line, start + AnswerReader.MaxLength + 1); // what is longer is not read
        string rest = text[start..line];
        string first = Sentences.First(rest);
        end = start + first.Length;
        return first;
    }

    /// <summary>After "answer": a colon or equals sign, a verb within a few words, or the end of a heading's line.</summary>
    [GeneratedRegex(
        @"^(?:answers?|ans|respuesta|réponse|antwort|ответ|答案|答(?=[:：]))\b?(?:\s*\([^()\n]{0,30}\))?(?:\s*\}?\s*(?:[:：=＝→⇒]|->)|(?<=^ans)\.\s|\.?\s*\}?\s*\n|(?:[^.!?\n:=]{0,70}?[ ,])?\s*\b(?:is|are|was|equals|becomes|comes to|(?:will|would|must|should) be|es|est|ist|lautet)\b(?<not>\s*(?:not|never)\b|n't)?(?:\s+(?:simply|just|therefore|thus|then|exactly|indeed|given by|equal to))?|[是为為])\s*[:：=>]*\s*\}?|^(?:option|choice)s?(?:\s*[:：]|\s+(?:is|are|would be|must be)\b(?<not>\s*not\b|n't)?)\s*[:：]*|^(?:option|choice)\s+(?=(?<label>\(?[A-J]\)?)(?:\W|$))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Forward();

    /// <summary>What makes "answer" no claim: options, instructions, denials of having one.</summary>
    [GeneratedRegex(
        @"^(?:answer\s+(?:choice|option|type|format|key|sheet|in\b|with\b|the\s+(?:following|question|problem)|this\b|to\s+the\s+nearest|should be (?:in|of|written|a\b|given|expressed)|must be (?:in|of|written|a\b|given|expressed))|answer(?:ed|ing|able)|answers?\s+(?:choices|options)|choices\b(?!\s+are\b)|options\b(?!\s+are\b))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoClaim();

    [GeneratedRegex(@"\b(?:if|whether|suppose|supposing|assume|assuming|unless|possible|candidate|candidates|potential|someone's|student's|his|her|their|check|verify|confirm|checking|verifying|previous|initial|earlier|alternative)\s+(?:\w+\s+){0,2}$|\b(?:no|an|another|this)\s+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\b(?:correct|right|true|valid)\s+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Right();

    [GeneratedRegex(@"\b(?:wrong|incorrect|false|mistaken)\s+(?:final\s+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Wrong();

    /// <summary>What is said of an option that is not taken.</summary>
    [GeneratedRegex(@"^\(?[A-J]\)?\s+(?:is|was|must be|would be|seems|can be)\s+(?:clearly\s+|obviously\s+|therefore\s+)?(?:wrong|incorrect|false|not\b|ruled out|eliminated|excluded|impossible)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rejected();

    [GeneratedRegex(@"\bfinal\b|\bFINAL\b|\\text(?:bf)?\{final ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Final();

    [GeneratedRegex(@"\b(?:therefore|thus|hence|so|finally|in conclusion|overall|in total|altogether|consequently)\b|∴|\\therefore", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    internal static partial Regex Conclusion();

    [GeneratedRegex(@",?\s*(?:is|are|as|being)\s+(?:the|our|my|your)\s+(?:final\s+|correct\s+|required\s+|desired\s+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Backward();

    [GeneratedRegex(@"^(?:step|solution|part|case|final answer$|answer$|conclusion|verif|check|explanation|approach|method|understanding|calculat|comput|find|determin|summary|analysis|given|problem|question|example|note|let|we |\d+\.\s+\p{L})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Heading();
}
