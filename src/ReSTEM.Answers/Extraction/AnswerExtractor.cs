using System.Buffers;

namespace ReSTEM.Answers;

/// <summary>Finds the final answer in a completion. The rules, in order; the first that finds something wins.</summary>
/// <remarks>
/// 1. <c>box</c>: the last closed \boxed or \fbox. 2. <c>marker</c>: after the last ####. 3. <c>phrase</c>: after the last
/// "answer is", "answer:" or their like. 4. <c>math-at-end</c>: mathematics between delimiters at the end.
/// 5. <c>whole</c>: a completion of one short line that is nothing but an answer. 6. <c>last-number</c>, if allowed.
/// Each takes time linear in the completion.
/// </remarks>
internal static class AnswerExtractor
{
    private const int MaxWholeLength = 300;

    /// <summary>Most words beside the mathematics in a completion that is nothing but an answer.</summary>
    private const int MaxWords = 4;

    private static readonly SearchValues<char> Arithmetic = SearchValues.Create("0123456789\\+*/");

    private static readonly string[] Phrases = ["answer is", "answer:", "answers are", "answer =", "answer equals"];

    internal static Extraction? Find(string completion, bool allowLastNumber) =>
        Boxes.Find(completion)
        ?? AfterMarker(completion)
        ?? AfterPhrase(completion)
        ?? MathAtEnd(completion)
        ?? Whole(completion)
        ?? (allowLastNumber ? LastNumber.Find(completion) : null);

    private static Extraction? AfterMarker(string completion)
    {
        int marker = completion.LastIndexOf("####", StringComparison.Ordinal);
        if (marker < 0)
        {
            return null;
        }

        string answer = Sentence.Tidy(FirstLine(completion, marker + 4));
        return answer.Length == 0 ? null : new Extraction(answer, "marker");
    }

    private static Extraction? AfterPhrase(string completion)
    {
        int best = -1;
        int length = 0;
        foreach (string phrase in Phrases)
        {
            int found = completion.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            if (found > best)
            {
                (best, length) = (found, phrase.Length);
            }
        }

        if (best < 0)
        {
            return null;
        }

        int start = best + length;
        while (start < completion.Length && completion[start] is ' ' or ':' or '*' or '\n' or '\r')
        {
            start++;
        }

        string answer = Sentence.Tidy(Sentence.First(FirstLine(completion, start)));
        return answer.Length == 0 ? null : new Extraction(answer, "phrase");
    }

    private static Extraction? MathAtEnd(string completion)
    {
        string trimmed = completion.TrimEnd().TrimEnd('.', ',', ' ', '*');
        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)[("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")])
        {
            if (!trimmed.EndsWith(close, StringComparison.Ordinal) || trimmed.Length < open.Length + close.Length)
            {
                continue;
            }

            int end = trimmed.Length - close.Length;
            int start = trimmed.LastIndexOf(open, end - 1, StringComparison.Ordinal);
            if (start >= 0 && start + open.Length < end)
            {
                string inside = Sentence.Tidy(trimmed[(start + open.Length)..end]);
                return inside.Length == 0 ? null : new Extraction(LastValue(inside), "math-at-end");
            }
        }

        return null;
    }

    /// <summary>What stands after the last equals sign outside brackets when a calculation ends the text.</summary>
    private static string LastValue(string math)
    {
        int depth = 0;
        for (int index = math.Length - 1; index > 0; index--)
        {
            depth += math[index] switch { '}' or ')' or ']' => 1, '{' or '(' or '[' => -1, _ => 0 };
            if (math[index] == '=' && depth == 0 && math.AsSpan(0, index).ContainsAny(Arithmetic))
            {
                return math[(index + 1)..].Trim() is { Length: > 0 } value ? value : math;
            }
        }

        return math;
    }

    private static Extraction? Whole(string completion)
    {
        string trimmed = completion.Trim();
        if (trimmed.Length is 0 or > MaxWholeLength || trimmed.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        string answer = Sentence.Tidy(trimmed);
        bool readable = answer.Length > 0 && WordCount(answer) <= MaxWords
            && AnswerReader.Read(answer, new Budget(20_000)) is { IsFallback: false };
        return readable ? new Extraction(answer, "whole") : null;
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

    private static string FirstLine(string text, int start)
    {
        while (start < text.Length && text[start] is ' ' or '\n' or '\r')
        {
            start++;
        }

        int end = text.AsSpan(start).IndexOfAny('\n', '\r');
        return end < 0 ? text[start..] : text.Substring(start, end);
    }
}
