using ReSTEM.Answers;

namespace ReSTEM.AnswerBenchmarks;

/// <summary>Writes single-valued answers in the syntax of SymPy's own parser, so that it needs no LaTeX.</summary>
internal static class SympyText
{
    /// <summary>The text, or null for what is no plain expression.</summary>
    internal static string? Of(string answer)
    {
        var budget = new Budget(200_000);
        if (AnswerReader.Read(answer, budget) is not { IsFallback: false } read)
        {
            return null;
        }

        var node = Preparation.Prepare(read.Node, budget);
        node = Chains.IsAssignment(node) ? node.Items[1] : node;
        return Normaliser.IsScalar(node) ? Write(Measured.Of(node).Value) : null;
    }

    private static string? Write(Node node)
    {
        string?[] items = [.. node.Items.Select(Write)];
        if (Array.Exists(items, static item => item is null))
        {
            return null;
        }

        return node.Kind switch
        {
            NodeKind.Number => $"Rational({node.Value.Numerator},{node.Value.Denominator})",
            NodeKind.Symbol => node.Name.Length == 1 && char.IsAsciiLetterLower(node.Name[0]) ? node.Name : null,
            NodeKind.Constant => node.Name switch { "pi" => "pi", "e" => "E", "i" => "I", _ => null },
            NodeKind.Sum => $"({string.Join("+", items)})",
            NodeKind.Product => $"({string.Join("*", items)})",
            NodeKind.Quotient => $"({items[0]})/({items[1]})",
            NodeKind.Negation => $"(-({items[0]}))",
            NodeKind.Power => $"({items[0]})**({items[1]})",
            NodeKind.Root => $"({items[0]})**(1/({items[1]}))",
            NodeKind.Call when node.Name is "sin" or "cos" or "tan" or "sec" or "csc" or "cot" => $"{node.Name}({items[0]})",
            NodeKind.Degree => $"(({items[0]})*pi/180)",
            _ => null,
        };
    }
}
