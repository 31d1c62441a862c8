using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Cuts the value out of a sentence that states an answer. Words that are not recognised are never cut.</summary>
internal static partial class AnswerValue
{
    /// <summary>Longest text that may be a value, in characters.</summary>
    private const int MaxLength = 300;

    /// <summary>Longest text in which a value is looked for, in characters.</summary>
    private const int MaxSentence = 2_000;

    /// <summary>Most words beside the mathematics of a value: units and what is counted.</summary>
    private const int MaxWords = 4;

    /// <summary>Most places at which a sentence is tried to be cut.</summary>
    private const int MaxCuts = 6;

    private static readonly string[] Unvalued =
    [
        "the", "a", "an", "it", "this", "that", "these", "we", "i", "you", "there", "its", "their", "his", "her", "he", "she", "they", "in", "of", "for", "with",
        "when", "if", "since", "as", "by", "on", "at", "not", "or", "and", "more", "less", "then", "so", "thus", "hence", "let", "our", "my", "your", "which",
        "where", "to", "from", "how", "what", "because", "but", "is", "are", "was", "were", "be", "only", "about", "each", "every", "any", "some",
    ];

    /// <summary>The value that a sentence states, and whether it was read as one; else the sentence as it is, for answers in words.</summary>
    /// <param name="sentence">Words and mathematics, such as <c>The volume of $ABCD$ is 120, as required</c>.</param>
    /// <param name="same">Whether two values are the same.</param>
    internal static (string Text, bool IsValue) Of(string sentence, Func<string, string, bool> same)
    {
        if (sentence.Length > 2 * MaxSentence)
        {
            return (sentence.Trim(), false); // not worth looking for what could be taken off
        }

        string text = Undressed(sentence);
        if (text.Length > MaxSentence)
        {
            return (text, false);
        }

        if (Cut(text, same) is { } cut)
        {
            return (Calculations.Result(cut), true);
        }

        if (IsValue(text))
        {
            return (Calculations.Result(text), true);
        }

        if (Assignments.In(text) is { } assigned && IsValue(assigned))
        {
            return (assigned, true);
        }

        int tries = 0;
        int ahead = 0; // where the clause before begins, after its verb
        foreach (Match copula in Copula().Matches(text))
        {
            if (++tries > MaxCuts)
            {
                break;
            }

            if (ahead > 0 && Clause().Match(text, ahead, copula.Index - ahead) is { Success: true } clause && IsValue(Undressed(clause.Groups["value"].Value)))
            {
                return (WithoutCourtesy(text), false); // two things have a value each: neither is the answer
            }

            ahead = copula.Index + copula.Length;
            string rest = Undressed(text[(copula.Index + copula.Length)..]);
            string before = text[..copula.Index];
            if (IsOutside(text, copula.Index) && !IsDenied(text, copula.Index) && !Purpose().IsMatch(before)
                && ((Aside().IsMatch(before) ? null : Cut(rest, same)) ?? (IsValue(rest) ? rest : null)) is { } value)
            {
                return (value, true);
            }
        }

        return (WithoutCourtesy(text), false);
    }

    /// <summary>The value in a box: undressed, and without a remark after it.</summary>
    internal static string InBox(string content, Func<string, string, bool> same)
    {
        string text = Undressed(content);
        if (text.Contains("\\text", StringComparison.Ordinal) && text.Length <= MaxSentence && Of(Opened().Replace(text, "$1"), same) is (var stated, true)
            && Copula().IsMatch(Opened().Replace(text, "$1")))
        {
            return stated; // a whole sentence in the box
        }

        return Calculations.Result(text.Length <= MaxSentence && Cut(text, same) is { } cut ? cut : text);
    }

    /// <summary>Without decorations, leading connectives and labels such as <c>Answer:</c>.</summary>
    internal static string Undressed(string text)
    {
        string plain = Tidy.Of(Decorations.Strip(Tidy.Of(text)));
        for (int round = 0; round < 4; round++)
        {
            var lead = Lead().Match(plain);
            if (!lead.Success || lead.Length == plain.Length)
            {
                break;
            }

            string rest = plain[lead.Length..];
            int brace = lead.Groups["open"].Success && !lead.Groups["close"].Success ? rest.IndexOf('}') : -1;
            plain = Tidy.Of(Decorations.Strip(brace < 0 ? rest : rest.Remove(brace, 1)));
        }

        return plain;
    }

    /// <summary>Whether a text is mathematics, a number or a name of a set, with at most a few words of units.</summary>
    internal static bool IsValue(string text)
    {
        if (text.Length is 0 or > MaxLength || WordCount(text) > MaxWords || Unvalued.Contains(FirstWord(text)) || Doubt().IsMatch(text))
        {
            return false;
        }

        try
        {
            return AnswerReader.Read(text, new Budget(20_000)) is ({ } node, false) && !HoldsWords(node)
                && (node.Kind is NodeKind.Number or NodeKind.Constant or NodeKind.Time || !WordsAhead().IsMatch(text));
        }
        catch (LimitExceededException)
        {
            return false;
        }
    }

    /// <summary>The value before a remark: a reason, a courtesy, another form of the same value, what it is not.</summary>
    internal static string? Cut(string text, Func<string, string, bool> same)
    {
        int tries = 0;
        foreach (Match remark in Remark().Matches(text))
        {
            if (++tries > MaxCuts)
            {
                break;
            }

            string head = Tidy.Of(Decorations.Strip(text[..remark.Index]));
            if (!IsOutside(text, remark.Index) || !IsValue(head))
            {
                continue;
            }

            if (!remark.Groups["again"].Success)
            {
                return head;
            }

            // Another form has to be the same value, or no value at all; else two answers are given.
            string other = Tidy.Of(Decorations.Strip(text[(remark.Index + remark.Length)..].TrimEnd(')', '}', ']', ' ')));
            bool plain = remark.Groups["plain"].Success; // "or" and a bracket: the same value, or part of the answer
            if (IsValue(other) ? same(head, other) : !plain)
            {
                return head;
            }

            if (!plain)
            {
                return $"{head}, {other}";
            }
        }

        return null;
    }

    /// <summary>Words without the courtesies after them: a remark is cut where it stands, whatever comes before.</summary>
    private static string WithoutCourtesy(string text)
    {
        var courtesy = Courtesy().Match(text);
        return courtesy is { Success: true, Index: > 0 } ? Tidy.Of(text[..courtesy.Index]) : text;
    }

    /// <summary>Whether a position is outside brackets, braces and dollars.</summary>
    private static bool IsOutside(string text, int position)
    {
        int depth = 0;
        int dollars = 0;
        for (int index = 0; index < position; index++)
        {
            bool escaped = index > 0 && text[index - 1] == '\\';
            depth += escaped ? 0 : text[index] switch { '{' => 1, '}' => -1, _ => 0 };
            dollars += text[index] == '$' && !escaped ? 1 : 0;
        }

        return depth == 0 && (dollars % 2 == 0 || text.AsSpan(position).Count('$') == 0);
    }

    private static bool IsDenied(string text, int position) => Denial().IsMatch(text.AsSpan(position, Math.Min(24, text.Length - position)));

    /// <summary>Whether words stand among the parts: no value, but a sentence that happened to be read.</summary>
    private static bool HoldsWords(Node node) =>
        Array.Exists(node.Items, item => item.Is(NodeKind.Text) && !node.Items.All(static part => part.Is(NodeKind.Text)))
        || Array.Exists(node.Items, HoldsWords);

    private static string FirstWord(string text)
    {
        int end = 0;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        return end < 2 && !(end == 1 && text is ['A' or 'a' or 'I', ' ', >= 'A' and <= 'z', >= 'a' and <= 'z', ..]) ? "" : text[..end].ToLowerInvariant();
    }

    /// <summary>Runs of two letters and more that are no commands and no functions.</summary>
    private static int WordCount(string text)
    {
        int count = 0;
        int start = 0;
        while (start < text.Length)
        {
            int end = start;
            while (end < text.Length && char.IsAsciiLetter(text[end]))
            {
                end++;
            }

            bool command = start > 0 && text[start - 1] == '\\';
            bool word = end - start > 1 && !command && !FunctionNames.FunctionsBySpan.ContainsKey(text.AsSpan(start, end - start));
            count += word ? 1 : 0;
            start = end + 1;
        }

        return count;
    }

    [GeneratedRegex(
        @"\b(?:is|are|was|were|be|equals|equal to|becomes|gives|give|gets?|got|obtains?|obtained|have|has|had|finds?|found|yields?|costs?|cost|takes?|took|totals?|makes?|made|needs?|earns?|earned|pays?|paid|spends?|spent|sells?|sold|uses?|used|eats?|ate|leaves|saves?|saved|buys?|bought|received?|receives|drives?|drove|walks?|walked|runs?|ran|reads?|weighs?|weighed|contains?|remains?|comes to|(?:arrives?|arrived|starts?|started|begins?|began|ends?|ended|leaves|left|opens?|closes?)(?= at \d)|being|namely)\b[:\s]*(?:us |him |her |them )?(?:a total of |the value |equal to |exactly |simply |just |given by |therefore |thus |only |at |on )?|(?<![不没])(?:一共有|总共有|共有|一共|总共|等于|剩下|需要|是|为|有)了?\s*|(?<=\w[\w)}$ ]*):\s+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Copula();

    /// <summary>What may precede a value without changing it.</summary>
    [GeneratedRegex(
        @"^(?<open>\\(?:text|textbf|textit|mathrm|mbox|mathbf|textrm|emph)\s*\{\s*)?(?:(?:(?:so|thus|hence|then|therefore|and so|finally|in conclusion|overall|indeed|clearly|consequently|now|ans|simply|just|exactly|precisely|actually|of course|definitely|certainly|surely|obviously|really|only|the (?:number|value|integer)|equal to|equals|given by)\b[,:]?|∴|\\therefore\b|\\implies\b|\\Rightarrow\b|=>|⇒|=(?!=)|:|：|→)|(?:(?:so|thus|hence|therefore|,|\s)*(?:the|our|my)?\s*(?:final|correct|right|required)?\s*(?:answer|ans|result|solution)s?\s*(?:is|are|:|=)\s*:?))\s*(?<close>\}\s*)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lead();

    [GeneratedRegex(
        @"(?:[\s,;.~]|\\[,; :!]|\\q?quad\b|\\text\s*\{|—|–)*(?:\((?:\\text\s*\{)?\s*|\b)?(?:(?<again>(?<=\(\s*(?:\\text\s*\{\s*)?)or\b|i\.e\.,?|that is,?|in other words,?|or equivalently,?|equivalently,?|which is(?: equal to)?|which equals)|since|because|as (?:required|needed|desired|requested|expected|stated|claimed|wanted|asked|shown|above|before|the (?:final )?answer)|which|hence|therefore|thus|so(?=[\s,](?!far|much|many|on))|where|given (?:that|the)|\\forall\b|[a-zA-Z]\s*\\in\b(?=[^()]*\)$)|I hope|hope (?:this|it|that)|let me know|thank|in total|altogether|overall|respectively|is (?:the|our|my) |is correct|by (?:the|using|symmetry|definition)|according to|from the|for (?:all|any|every|some constant|an? arbitrary|arbitrary)\b|not\b(?=\W*\w)|rather than|instead of|rejecting|discarding|after (?:simplif|round)|rounded|to the nearest|in (?:simplest|simplified|lowest|exact|decimal|its simplest)|(?:about|approximately|approx\.?|roughly|nearly|around)\s(?=[^)]*\))|final answer|the answer|checked|verified|done|(?:left|remaining|in all|total|here|now)(?=\W*$)|Q\.?E\.?D|(?<again>(?<plain>or\b\s*\}?|(?<=\s\()(?=[a-z]))))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Remark();

    [GeneratedRegex(
        @"[\s,;.(—–-]+(?:since|because|as (?:required|needed|desired|requested|expected|stated|shown)|which|I hope|hope (?:this|it|that)|let me know|thank|respectively|not\b|rather than|instead of)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Courtesy();

    /// <summary>What something is done for: "to make 16 muffins", not "turns out to be 16".</summary>
    [GeneratedRegex(@"\b(?<!\b(?:out|found|seen|known|calculated|determined|shown|comes?|equal)\s+)to\s+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Purpose();

    /// <summary>A clause about what was said just before; its value is the sentence's only at its end.</summary>
    [GeneratedRegex(@"\b(?:which|who|that)\s+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Aside();

    /// <summary>A value, a joining word, and what the next verb is said of.</summary>
    [GeneratedRegex(@"^\s*(?<value>[^,;]{1,60}?)(?:\s*[,;]\s*(?:and\s+|while\s+|but\s+)?|\s+(?:and|while|but|whereas)\s+)\$?[a-z]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Clause();

    [GeneratedRegex(@"^\s*\w+\s+(?:not|never|n't|no longer|neither)\b|^\s*\w+n't\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Denial();

    /// <summary>Two words in a row before a number: a sentence, not a unit.</summary>
    [GeneratedRegex(@"^[^\d\\]*\b(?!and\b|or\b|square\b)[a-z]{2,}\s+(?!and\b|or\b)[a-z]{2,}\b.*\d", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex WordsAhead();

    [GeneratedRegex(@"\\text\s*\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Opened();

    /// <summary>Words of a writer who does not commit to a value.</summary>
    [GeneratedRegex(@"\b(?:maybe|perhaps|possibly|probably|might|could|either|neither|unsure|guess|instead|wait|not|nor|else|because|since|is|are|was|were|has|have|when|if|than|more|fewer|less|of|out)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Doubt();
}
