using System.Collections.Frozen;

namespace ReSTEM.Answers;

/// <summary>What words before, after and between values do to them. Words that are in no table are never dropped.</summary>
internal static class PhraseTable
{
    /// <summary>Most words of an entry.</summary>
    internal const int MaxWords = 6;

    /// <summary>Each line: what is done, then the words before a value that do it.</summary>
    internal static readonly FrozenDictionary<string, string> Before = Of("""
        >: more than | greater than | larger than | bigger than | higher than | longer than | over | above | in excess of | exceeds | exceeding | strictly more than | strictly greater than | beyond | upwards of
        <: less than | fewer than | smaller than | lower than | shorter than | under | below | strictly less than | strictly fewer than
        ≥: at least | no less than | no fewer than | not less than | not fewer than | greater than or equal to | more than or equal to | a minimum of | minimum of | not smaller than | no smaller than | not below | not under
        ≤: at most | no more than | not more than | no greater than | not greater than | less than or equal to | fewer than or equal to | up to | a maximum of | maximum of | not larger than | no larger than | not above | not over
        ≠: not | not equal to | is not | isn't | never | other than | anything but | all but | not equal | different from | different than | cannot be | can't be | can not be | does not equal | doesn't equal | not exactly
        =: about | approximately | approx | roughly | around | nearly equal to | approximately equal to | about equal to | close to | is | are | equals | equal to | is equal to | equal | exactly | just | only | precisely | simply | the answer is | answer is | the answer | answer | final answer | the final answer is | final answer is | total of | a total of | the value is | value is | the result is | result is | it is | it's | both | either | so | thus | hence | therefore | there are | there is | the value | is about | is approximately | comes to | the probability is | the total is
        negative: negative | minus | the negative of | negative of | the opposite of | opposite of | the additive inverse of
        positive: positive | plus
        double: twice | double | two times
        triple: thrice | triple | three times
        square: the square of | square of
        cube: the cube of | cube of
        root: the square root of | square root of | the root of
        cuberoot: the cube root of | cube root of
        inverse: the reciprocal of | reciprocal of | the inverse of | one over | 1 over
        factorial: the factorial of | factorial of
        abs: the absolute value of | absolute value of
        """);

    /// <summary>Each line: what is done, then the words after a value that do it.</summary>
    internal static readonly FrozenDictionary<string, string> After = Of("""
        ≥: or more | or greater | or above | or higher | or larger | or over | or up | and above | and up | and over | at least | minimum | or longer | or later | and more
        ≤: or less | or fewer | or below | or lower | or smaller | or under | at most | maximum | tops | and below | or shorter
        square: squared
        cube: cubed
        factorial: factorial
        =: exactly | only | in total | total | altogether | in all | approximately | roughly | respectively | overall | or so | as well | each | apiece | here | all told
        """);

    /// <summary>Each line: what is done, then the words between two values that do it.</summary>
    internal static readonly FrozenDictionary<string, string> Between = Of("""
        quotient: out of | divided by | over | in every | out of every
        product: times | multiplied by | percent of | % of
        sum: plus | more than | added to
        difference: minus
        reversed: less than | fewer than | subtracted from
        power: to the power of | to the power | raised to the power of | raised to the | raised to | to the
        choose: choose
        ratio: for every | to
        =: equals | is equal to | is | equal to
        >: is greater than | is more than | is larger than
        <: is less than | is smaller than | is fewer than
        ≥: is at least | is greater than or equal to | is no less than | is not less than
        ≤: is at most | is less than or equal to | is no more than | is not more than
        ≠: is not | is not equal to | does not equal
        """);

    private static FrozenDictionary<string, string> Of(string lines)
    {
        var table = new Dictionary<string, string>();
        foreach (string line in lines.Split('\n'))
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            foreach (string words in line[(colon + 2)..].Split('|', StringSplitOptions.TrimEntries))
            {
                table.TryAdd(words, line[..colon].Trim());
            }
        }

        return table.ToFrozenDictionary();
    }
}
