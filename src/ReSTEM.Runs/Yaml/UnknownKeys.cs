using YamlDotNet.RepresentationModel;

namespace ReSTEM.Runs;

/// <summary>What to say of a key that is not known: the key that was meant, wherever it stands, also when it was named as another program does.</summary>
internal static class UnknownKeys
{
    private const int MostPlaces = 3;

    /// <summary>The message.</summary>
    /// <param name="root">Record of the whole configuration.</param>
    /// <param name="path">Path of the key.</param>
    /// <param name="name">Its last part.</param>
    /// <param name="value">What stands under it; a group of another program's keys is looked through.</param>
    /// <param name="siblings">Keys that are known at this place.</param>
    internal static string Message(Type root, string path, string name, YamlNode value, IReadOnlyCollection<string> siblings)
    {
        string unknown = $"unknown key '{path}'";
        if (Meant(root, path, name) is { } meant)
        {
            return $"{unknown}; {meant}.";
        }

        string[] inner = [.. Inside(root, value)];
        if (inner.Length > 0)
        {
            return $"{unknown}; of what stands in it, {string.Join("; ", inner)}.";
        }

        return NearestName.Of(name, siblings) is { } near
            ? $"{unknown}; did you mean '{near}'?"
            : $"{unknown}, expected one of {string.Join(", ", siblings)}.";
    }

    /// <summary>Where the key stands that was meant; null when nothing of the name is known.</summary>
    private static string? Meant(Type root, string path, string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        string[] all = [.. KeyTree.Of(root).Select(place => place.Path)];
        if (ForeignNames.Of(name) is { Ends: { Count: > 0 } ends, Remark: var remark } && Ending(all, ends) is { Length: > 0 } ours)
        {
            return $"it is {Listed(ours)} here{(remark.Length > 0 ? $" ({remark})" : "")}";
        }

        if (ForeignNames.WhyAbsent(name) is { } why)
        {
            return $"it has no counterpart: {why}";
        }

        string[] elsewhere = Ending(all, [name]);
        return elsewhere.Length is > 0 and <= 2 * MostPlaces ? $"'{path.Split('.')[^1]}' stands at {Listed(elsewhere)}" : null;
    }

    /// <summary>Places in items of a list, as a judge among annotators, only where there are no others.</summary>
    private static string[] Ending(string[] all, IReadOnlyList<string> ends)
    {
        string[] found = [.. ends.SelectMany(end => all.Where(path => path == end || path.EndsWith("." + end, StringComparison.Ordinal))).Distinct()];
        string[] once = [.. found.Where(path => !path.Contains(".N.", StringComparison.Ordinal))];
        return once.Length > 0 ? once : found;
    }

    private static string Listed(string[] paths) =>
        string.Join(" or ", paths.Take(MostPlaces).Select(path => $"'{path}'")) + (paths.Length > MostPlaces ? " or ..." : "");

    private static IEnumerable<string> Inside(Type root, YamlNode value) => value is not YamlMappingNode group
        ? []
        : group.Children.SelectMany(entry => entry.Key is not YamlScalarNode { Value: { Length: > 0 } name } ? []
            : Meant(root, name, name) is { } meant ? [$"'{name}': {meant}"]
            : Inside(root, entry.Value));
}
