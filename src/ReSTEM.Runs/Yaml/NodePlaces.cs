using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReSTEM.Runs;

/// <summary>In which file, and where in it, each node of a configuration was written.</summary>
/// <param name="file">The file that was named; nodes that no file has, such as those of the command line, count as its own.</param>
internal sealed class NodePlaces(string file)
{
    private readonly Dictionary<YamlNode, (string File, Mark At)> _places = new(ReferenceEqualityComparer.Instance);

    /// <summary>The file that was named.</summary>
    internal string File => file;

    /// <summary>Takes a node of a file, with all that is in it.</summary>
    internal void AddAll(string name, YamlNode node)
    {
        if (!_places.TryAdd(node, (name, node.Start)))
        {
            return; // an alias: the place of its anchor
        }

        IEnumerable<YamlNode> inner = node switch
        {
            YamlMappingNode map => map.Children.SelectMany(entry => new[] { entry.Key, entry.Value }),
            YamlSequenceNode list => list.Children,
            _ => [],
        };
        foreach (YamlNode below in inner)
        {
            AddAll(name, below);
        }
    }

    /// <summary>Gives a node that was put together the place of one that it was made of.</summary>
    internal void AddLike(YamlNode made, YamlNode of) => _places[made] = (FileOf(of), MarkOf(of));

    /// <summary>The file that a node was written in.</summary>
    internal string FileOf(YamlNode node) => _places.TryGetValue(node, out var place) ? place.File : file;

    /// <summary><c>file:line:column</c>.</summary>
    internal string Of(YamlNode node) => $"{FileOf(node)}:{MarkOf(node).Line}:{MarkOf(node).Column}";

    /// <summary>A path that a node says, which begins at the node's file, as one that begins at the file that was named.</summary>
    internal string Rebased(string path, YamlNode node)
    {
        string here = Folder(file), there = Folder(FileOf(node));
        return here == there || Path.IsPathRooted(path) ? path : Path.GetRelativePath(here, Path.Combine(there, path));
    }

    private Mark MarkOf(YamlNode node) => _places.TryGetValue(node, out var place) ? place.At : node.Start;

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
