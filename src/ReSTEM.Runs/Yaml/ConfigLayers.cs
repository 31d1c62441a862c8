using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReSTEM.Runs;

/// <summary>
/// Puts a configuration together with what it extends. A mapping is merged into the one below it, anything else replaces it, and an empty
/// value takes the key away, so that its default holds again. Of several files that are extended each adds to the others; where two of them
/// say different things of a key, the one that extends the other's file counts, and else the extending file must say which.
/// </summary>
internal sealed class ConfigLayers
{
    /// <summary>The key that names what is extended: a path, or a list of them, from the folder of its file.</summary>
    internal const string Key = "extends";

    private readonly Dictionary<string, YamlMappingNode> _resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _above = new(StringComparer.Ordinal); // all that a file extends, by its name
    private readonly HashSet<YamlNode> _taken = new(ReferenceEqualityComparer.Instance); // empty values that took something away
    private readonly List<string> _files = [];

    private ConfigLayers(string path) => Places = new NodePlaces(path);

    /// <summary>Where every node was written.</summary>
    internal NodePlaces Places { get; }

    /// <summary>The file itself, then all that it extends.</summary>
    internal IReadOnlyList<string> Files => _files;

    /// <summary>What the files say together.</summary>
    internal YamlMappingNode Root { get; private set; } = [];

    /// <summary>Reads a file and all that it extends.</summary>
    /// <exception cref="ConfigException">One of them cannot be read, they extend each other in a circle, or they contradict each other.</exception>
    internal static ConfigLayers Read(string path)
    {
        var layers = new ConfigLayers(path);
        layers.Root = layers.Resolve(path, []);
        layers.TakeAway(layers.Root, new HashSet<YamlNode>(ReferenceEqualityComparer.Instance));
        return layers;
    }

    private YamlMappingNode Resolve(string path, IReadOnlyList<string> from)
    {
        string full = Path.GetFullPath(path);
        if (_resolved.TryGetValue(full, out YamlMappingNode? known))
        {
            return known;
        }

        YamlMappingNode own = ConfigFile.Parse(path);
        Places.AddAll(path, own);
        _files.Add(path);
        _above[path] = [];
        if (own.Children.TryGetValue(new YamlScalarNode(Key), out YamlNode? extends))
        {
            YamlMappingNode under = Extended(path, own, extends, [.. from, path]);
            own.Children.Remove(new YamlScalarNode(Key));
            own = Merge(own, under, "");
        }

        return _resolved[full] = own;
    }

    private YamlMappingNode Extended(string path, YamlMappingNode own, YamlNode extends, IReadOnlyList<string> from)
    {
        YamlMappingNode? under = null;
        YamlNode[] named = extends is YamlSequenceNode list ? [.. list.Children] : [extends];
        foreach (YamlNode name in named)
        {
            string file = FileOf(path, name, from);
            YamlMappingNode layer = Resolve(file, from);
            _above[path].UnionWith(_above[file].Append(file));
            under = under is null ? layer : Together(under, layer, own, name, "");
        }

        return under ?? throw Fault(extends, $"{Key} is an empty list, expected the path of a configuration file.");
    }

    private string FileOf(string path, YamlNode name, IReadOnlyList<string> from)
    {
        if (name is not YamlScalarNode { Value.Length: > 0 } text)
        {
            throw Fault(name, $"{Key} is {ConfigBinder.Describe(name)}, expected the path of a configuration file, or a list of them.");
        }

        string full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, text.Value));
        string shown = Path.IsPathRooted(Places.File) ? full : Path.GetRelativePath(Environment.CurrentDirectory, full);
        if (from.Any(earlier => Path.GetFullPath(earlier) == full))
        {
            throw Fault(name, $"{Key} comes back to a file that extends this one ({string.Join(" -> ", from.Append(shown))}), expected no circle.");
        }

        // One file has one name, however it is come to.
        return File.Exists(full) ? _files.FirstOrDefault(known => Path.GetFullPath(known) == full) ?? shown
            : throw Fault(name, $"{Key} is {text.Value}, and {shown} {(Directory.Exists(full) ? "is a folder" : "does not exist")}, expected a configuration file.");
    }

    /// <summary>A mapping over another one.</summary>
    private YamlMappingNode Merge(YamlMappingNode over, YamlMappingNode under, string path)
    {
        YamlMappingNode merged = [];
        Places.AddLike(merged, over);
        foreach (var (key, value) in under.Children)
        {
            if (!over.Children.TryGetValue(key, out YamlNode? mine))
            {
                merged.Add(key, value);
                continue;
            }

            if (IsEmpty(mine) && !_taken.Contains(value))
            {
                _taken.Add(mine);
            }

            merged.Add(KeyIn(over, key), mine is YamlMappingNode inner && value is YamlMappingNode below ? Merge(inner, below, Join(path, key)) : mine);
        }

        foreach (var (key, value) in over.Children.Where(entry => !under.Children.ContainsKey(entry.Key)))
        {
            merged.Add(key, value);
        }

        foreach (var (key, value) in over.Children.Where(entry => IsEmpty(entry.Value) && !_taken.Contains(entry.Value)))
        {
            throw Fault(value, $"{Join(path, key)} is empty, which takes away what is extended, and nothing that is extended has it; leave it out.");
        }

        return merged;
    }

    /// <summary>Two mappings of files that are extended together.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    /// <param name="own">What the extending file says at this place, which settles it; null for nothing.</param>
    /// <param name="name">Where the other is named.</param>
    /// <param name="path">Key path.</param>
    private YamlMappingNode Together(YamlMappingNode first, YamlMappingNode second, YamlMappingNode? own, YamlNode name, string path)
    {
        YamlMappingNode both = [];
        Places.AddLike(both, first);
        foreach (var (key, value) in first.Children)
        {
            YamlNode? mine = null;
            own?.Children.TryGetValue(key, out mine);
            both.Add(key, !second.Children.TryGetValue(key, out YamlNode? other) ? value
                : value is YamlMappingNode one && other is YamlMappingNode two ? Together(one, two, mine as YamlMappingNode, name, Join(path, key))
                : mine is not null ? value
                : Winner(value, other, name, Join(path, key)));
        }

        foreach (var (key, value) in second.Children.Where(entry => !first.Children.ContainsKey(entry.Key)))
        {
            both.Add(key, value);
        }

        return both;
    }

    private YamlNode Winner(YamlNode first, YamlNode second, YamlNode name, string path)
    {
        string one = Places.FileOf(first), two = Places.FileOf(second);
        return first.Equals(second) || _above[one].Contains(two) ? first
            : _above[two].Contains(one) ? second
            : throw Fault(name, $"what is extended contradicts itself: {path} is {ConfigBinder.Describe(first)} at {Places.Of(first)} and {ConfigBinder.Describe(second)} at {Places.Of(second)}; say here which of them holds.");
    }

    /// <summary>Removes what was taken away, from each mapping once: by aliases one may stand at many places.</summary>
    private void TakeAway(YamlMappingNode node, HashSet<YamlNode> seen)
    {
        if (!seen.Add(node))
        {
            return;
        }

        foreach (var (key, value) in node.Children.ToList())
        {
            if (_taken.Contains(value))
            {
                node.Children.Remove(key);
            }
            else if (value is YamlMappingNode inner)
            {
                TakeAway(inner, seen);
            }
        }
    }

    private static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" };

    private static YamlNode KeyIn(YamlMappingNode map, YamlNode key) => map.Children.Keys.First(known => known.Equals(key));

    private static string Join(string path, YamlNode key) => path.Length == 0 ? $"{key}" : $"{path}.{key}";

    private ConfigException Fault(YamlNode node, string message) => new([new ConfigIssue(Places.Of(node), message)]);
}
