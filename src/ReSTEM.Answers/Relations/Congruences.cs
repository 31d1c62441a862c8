using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Compares congruences: by residue and modulus, with a bare residue, and with all numbers of the class as 7k + 3.</summary>
internal static class Congruences
{
    private const string Rule = "congruence";

    /// <summary>The outcome when a congruence takes part; else null.</summary>
    internal static Comparison? Compare(Node left, Node right, Budget budget)
    {
        bool first = IsCongruence(left);
        bool second = IsCongruence(right);
        return (first, second) switch
        {
            (true, true) => Both(left, right, budget),
            (true, false) => One(left, right, budget),
            (false, true) => One(right, left, budget),
            _ => null,
        };
    }

    private static bool IsCongruence(Node node) => node is { Kind: NodeKind.Relation, Operators: ["≡"], Items.Length: 3 };

    private static Comparison Both(Node left, Node right, Budget budget)
    {
        bool sameName = SameName(left.Items[0], right.Items[0], budget);
        return sameName && Normaliser.IsScalar(left.Items[1]) && Normaliser.IsScalar(right.Items[1]) && ScalarComparer.Compare(left.Items[2], right.Items[2], budget).IsSame
            ? new Comparison(AreCongruent(left.Items[1], right.Items[1], left.Items[2], budget), Rule)
            : Comparison.Different(Rule);
    }

    private static Comparison One(Node congruence, Node other, Budget budget)
    {
        if (other.Is(NodeKind.List))
        {
            // "x = 7k + 3, k in Z": that k is an integer is what the form means.
            var values = Array.FindAll(other.Items, static item => item is not { Kind: NodeKind.Symbol, Name: "mathbb-Z" });
            other = values is [var single] ? single : other;
        }

        if (Chains.IsAssignment(other))
        {
            if (!SameName(congruence.Items[0], other.Items[0], budget))
            {
                return Comparison.Different(Rule);
            }

            other = other.Items[1];
        }

        if (!Normaliser.IsScalar(other) || !Normaliser.IsScalar(congruence.Items[1]))
        {
            return Comparison.Different(Rule);
        }

        var letters = new HashSet<string>();
        Letters(other, letters);
        bool same = letters.Count switch
        {
            0 => ScalarComparer.Compare(congruence.Items[1], other, budget).IsSame,
            1 => IsClass(other, letters.First(), congruence.Items[1], congruence.Items[2], budget),
            _ => false,
        };
        return new Comparison(same, Rule);
    }

    /// <summary>Whether a value runs through the class of the residue as its one letter runs through the integers.</summary>
    private static bool IsClass(Node value, string letter, Node residue, Node modulus, Budget budget)
    {
        var constant = Switches.Substitute(value, letter, Node.Number(0), budget);
        var step = Node.Of(NodeKind.Product, modulus, Node.Symbol(letter));
        return AreCongruent(constant, residue, modulus, budget)
            && (ScalarComparer.Compare(value, Node.Of(NodeKind.Sum, constant, step), budget).IsSame
                || ScalarComparer.Compare(value, Node.Of(NodeKind.Sum, constant, Node.Of(NodeKind.Negation, step)), budget).IsSame);
    }

    private static bool AreCongruent(Node left, Node right, Node modulus, Budget budget)
    {
        try
        {
            return Normaliser.Normalise(left, budget).AsRational is { IsInteger: true } a && Normaliser.Normalise(right, budget).AsRational is { IsInteger: true } b
                && Normaliser.Normalise(modulus, budget).AsRational is { IsInteger: true, Sign: > 0 } m
                ? BigInteger.Remainder(a.Numerator - b.Numerator, m.Numerator).IsZero
                : ScalarComparer.Compare(left, right, budget).IsSame;
        }
        catch (UndefinedException)
        {
            return false; // what has no value is in no class
        }
    }

    /// <summary>Names agree where both sides have one.</summary>
    private static bool SameName(Node left, Node right, Budget budget) =>
        left is { Kind: NodeKind.Symbol, Name: "" } || right is { Kind: NodeKind.Symbol, Name: "" }
        || (Normaliser.IsScalar(left) && Normaliser.IsScalar(right) && ScalarComparer.Compare(left, right, budget).IsSame);

    private static void Letters(Node node, HashSet<string> letters)
    {
        if (node.Is(NodeKind.Symbol))
        {
            letters.Add(node.Name);
        }

        foreach (var item in node.Items)
        {
            Letters(item, letters);
        }
    }
}
