namespace ReSTEM.Answers;

/// <summary>A value with the words after it: a time, a percentage, an angle, a date, a number in a base, a place, a unit, or a phrase.</summary>
internal static class Measures
{
    private static readonly Unit Place = UnitReader.Read("places")!.Value with { Words = "th", Label = "-th" };

    internal static Node Of(Node node, string words)
    {
        string trimmed = words.Trim(' ', '.', ',', ';', ':', '~', '!');
        if (trimmed.Length == 0)
        {
            return node;
        }

        trimmed = trimmed is ['(', .., ')'] ? trimmed[1..^1].Trim() : trimmed;
        switch (node.Kind)
        {
            case NodeKind.Text:
                return Canonical(Node.Text(node.Name + " " + TextAnswers.Normalise(trimmed)));
            case NodeKind.Phrase:
                return Canonical(Node.Of(NodeKind.Phrase, node.Name + " " + TextAnswers.Normalise(trimmed), node.Items));
            case NodeKind.Quantity:
                return node.Unit.Words == "th" && UnitReader.Read(trimmed + "s") is { } placed ? Node.Quantity(node.Items[0], placed with { Words = "th", Label = "-th " + placed.Label })
                    : UnitReader.Read($"{node.Unit.Words} {trimmed}", IsOne(node.Items[0])) is { } whole ? Node.Quantity(node.Items[0], whole)
                    : Phrasing.After(node, trimmed) ?? Phrasing.Phrase("_ " + TextAnswers.Normalise(trimmed), node);
        }

        if (trimmed == "of" && node is { Kind: NodeKind.Number, Value.IsInteger: true })
        {
            return Phrasing.Phrase("_ of", node); // two of 5 is no product
        }

        return Special(node, trimmed)
            ?? Phrasing.After(node, trimmed)
            ?? (UnitReader.Read(trimmed, IsOne(node)) is { } unit ? Node.Quantity(node, unit) : null)
            ?? Phrasing.Phrase("_ " + TextAnswers.Normalise(trimmed), node);
    }

    /// <summary>A phrase that says that nothing is there, as <c>no such x exists</c>; others are unchanged.</summary>
    internal static Node Canonical(Node node) =>
        TextAnswers.IsNoSolution(node.Name.Replace("_", "x", StringComparison.Ordinal)) ? Node.Constant("empty-set") : node;

    /// <summary>3rd, 7th: a number with its place as a mark.</summary>
    internal static Node Ordinal(Node number) => Node.Quantity(number, Place);

    private static Node? Special(Node node, string trimmed)
    {
        if (TimeReading.Half(trimmed) is { } half && node.Kind is NodeKind.Time or NodeKind.Number)
        {
            return (node.Is(NodeKind.Time) ? node.Time : TimeReading.Hour(node.Value)) is { } time ? Node.At(time.In(half)) : null;
        }

        string lower = trimmed.ToLowerInvariant();
        foreach (string percent in (ReadOnlySpan<string>)["percent", "per cent", "pct"])
        {
            if (!node.Is(NodeKind.Percent) && lower.StartsWith(percent, StringComparison.Ordinal) && (lower.Length == percent.Length || lower[percent.Length] is ' ' or '.'))
            {
                return Of(Node.Of(NodeKind.Percent, node), trimmed[percent.Length..]);
            }
        }

        if (lower is "degrees" or "degree" or "deg")
        {
            return Node.Of(NodeKind.Degree, node);
        }

        if (node is not { Kind: NodeKind.Number, Value.IsInteger: true })
        {
            return null;
        }

        return DateReading.Read($"{node.Value} {trimmed}")
            ?? Based(node, lower)
            ?? (lower is "th" or "st" or "nd" or "rd" ? Ordinal(node) : null)
            ?? (lower is "o'clock" or "oclock" && TimeReading.Hour(node.Value) is { } hour ? Node.At(hour) : null);
    }

    /// <summary>1011 base 2, 1011 in base two.</summary>
    private static Node? Based(Node node, string words)
    {
        string[] parts = words.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries);
        if (parts is not ([.., "base", _] or [.., "binary" or "hexadecimal" or "octal"]) || parts.Length > 3 || (parts.Length > 1 && parts[^2] is not ("in" or "base")))
        {
            return null;
        }

        var radix = parts[^1] switch
        {
            "binary" => 2,
            "octal" => 8,
            "hexadecimal" => 16,
            _ => int.TryParse(parts[^1], out int digits) ? digits : NumberWords.TryRead(parts[^1]) ?? 0,
        };
        return radix.IsInteger && radix > 1 && radix <= 36 && DecimalReading.InBase(node.Value.ToString(), (int)radix.Numerator) is { } value
            ? new Node { Kind = NodeKind.BaseNumeral, Name = node.Value.ToString(), Radix = (int)radix.Numerator, Value = value }
            : null;
    }

    private static bool IsOne(Node node) => node.Is(NodeKind.Quotient) || (node.Is(NodeKind.Number) && node.Value.Absolute <= 1);
}
