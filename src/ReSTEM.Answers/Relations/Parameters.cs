namespace ReSTEM.Answers;

/// <summary>Answers with letters that run through a set: their names do not matter, and families of whole numbers are compared as sets.</summary>
/// <remarks>
/// Where only one side declares its letters, those of the other are the ones that it has and the declared side has not. A restriction to other
/// sets than the whole, real or complex numbers is never left out.
/// </remarks>
internal static class Parameters
{
    private const string Rule = "parameters";

    private static readonly string[] Unrestricted = ["integers", "reals", "complex"];

    /// <summary>The outcome when a side declares parameters and both are read; else null.</summary>
    internal static Comparison? Compare(string answer, string reference, AnswerContext context, Budget budget)
    {
        budget.Spend(1 + Declarations.Work(answer) + Declarations.Work(reference));
        var (own, other) = (Declarations.Of(answer), Declarations.Of(reference));
        if ((own is null && other is null) || (own is not null && other is not null && own.Domain != other.Domain)
            || ((own is null || other is null) && !CanBeLeftOut((own ?? other)!)))
        {
            return null;
        }

        if (Values(own?.Body ?? answer, budget) is not { } left || Values(other?.Body ?? reference, budget) is not { } right)
        {
            return null;
        }

        string[] names = Present(own?.Names ?? Others(left, right, other!.Names), left);
        string[] others = Present(other?.Names ?? Others(right, left, own!.Names), right);
        if (names.Length != others.Length || names.Length == 0 || (own is null && context.Mentions(names)) || (other is null && context.Mentions(others)))
        {
            return null;
        }

        if (Subject(left) is { } subject && Subject(right) is { } otherSubject && Names.Agreed(subject, otherSubject, budget) is null)
        {
            return Comparison.Different(Rule);
        }

        foreach (string[] order in Orders(others))
        {
            // Both sides get names that no answer has.
            Node[] a = Renamed(left, names, budget), b = Renamed(right, order, budget);
            bool same = names.Length == 1 && (own ?? other)!.Domain switch
            {
                "integers" => Families.AreSame(a, b, Fresh(0), budget),
                "reals" or "complex" => Families.DifferByConstant(a, b, Fresh(0), budget),
                _ => false,
            };
            if (same || AnswerComparer.Compare(Listed(a), Listed(b), context, budget).IsSame)
            {
                return Comparison.Same(Rule);
            }
        }

        return Comparison.Different(Rule);
    }

    /// <summary>Whether a declaration changes nothing where the other side has none: that of a parameter without a restriction, not that of a variable.</summary>
    private static bool CanBeLeftOut(Declarations declared) =>
        Unrestricted.Contains(declared.Domain) && (declared.Domain != "integers" || !Array.Exists(declared.Names, static name => name is "x" or "y" or "z"));

    /// <summary>The values of a body: of a list its items; null for words, inequalities and what cannot be read.</summary>
    private static Node[]? Values(string body, Budget budget)
    {
        if (AnswerReader.Read(body, budget) is not (var read, false))
        {
            return null;
        }

        var node = Preparation.Prepare(read, budget);
        Node[] items = [.. (node.Kind is NodeKind.List or NodeKind.Set ? node.Items : [node]).SelectMany(Apart)];
        return Array.Exists(items, static item => HasCondition(item, Chains.IsAssignment(item))) ? null : items;
    }

    /// <summary>x = a, b as x = a and x = b.</summary>
    private static Node[] Apart(Node item) => Chains.IsAssignment(item) && item.Items[1].Kind is NodeKind.List or NodeKind.Set
        ? [.. item.Items[1].Items.Select(value => item.With([item.Items[0], value]))]
        : [item];

    /// <summary>Whether a relation or words are within, but for an assignment at the top.</summary>
    private static bool HasCondition(Node node, bool assigns) =>
        (node.Is(NodeKind.Relation) && !assigns) || node.Kind is NodeKind.Text or NodeKind.Phrase || Array.Exists(assigns ? node.Items[1..] : node.Items, static item => HasCondition(item, false));

    /// <summary>The assignment whose name all values share; null where there is none.</summary>
    private static Node? Subject(Node[] items) => Chains.IsAssignment(items[0]) ? items[0] : null;

    private static Node Value(Node item) => Chains.IsAssignment(item) ? item.Items[1] : item;

    private static Node Listed(Node[] items) => items.Length == 1 ? items[0] : Node.Of(NodeKind.List, ",", items);

    private static Node[] Renamed(Node[] items, string[] names, Budget budget) =>
        [.. items.Select(item => Switches.Replace(
            Value(item), part => part.Is(NodeKind.Symbol) && Array.IndexOf(names, part.Name) is var place and >= 0 ? Node.Symbol(Fresh(place)) : null, budget))];

    private static string Fresh(int place) => $"parameter-{place}";

    private static string[] Present(string[] names, Node[] items) => Array.FindAll(names, name => Array.Exists(items, item => Holds(Value(item), name)));

    /// <summary>The letters that only these values have and that name nothing before an equals sign; the declared ones where they have those.</summary>
    private static string[] Others(Node[] items, Node[] declared, string[] names)
    {
        if (Array.Exists(names, name => Array.Exists(items, item => Holds(Value(item), name))))
        {
            return names;
        }

        var letters = new SortedSet<string>(StringComparer.Ordinal);
        Array.ForEach(items, item => Collect(Value(item), letters));
        letters.RemoveWhere(letter => Array.Exists(declared, item => Holds(item, letter)) || Array.Exists(items, item => Chains.IsAssignment(item) && Holds(item.Items[0], letter)));
        return [.. letters];
    }

    private static void Collect(Node node, SortedSet<string> letters)
    {
        if (node.Is(NodeKind.Symbol))
        {
            letters.Add(node.Name);
        }

        Array.ForEach(node.Items, item => Collect(item, letters));
    }

    private static bool Holds(Node node, string name) => node.IsSymbol(name) || Array.Exists(node.Items, item => Holds(item, name));

    private static IEnumerable<string[]> Orders(string[] names) => names.Length == 1 ? [names]
        : names.SelectMany(first => Orders([.. names.Where(name => name != first)]).Select(rest => (string[])[first, .. rest]));
}
