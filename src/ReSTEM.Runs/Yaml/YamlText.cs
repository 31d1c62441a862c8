using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReSTEM.Runs;

/// <summary>Loads YAML so that every fault of the text is a <see cref="YamlException"/> with its place.</summary>
internal static class YamlText
{
    private const int MostNesting = 100;

    /// <summary>The documents of a text.</summary>
    /// <exception cref="YamlException">The text is not valid YAML, nested deeper than a configuration ever is, or a value holds itself by an alias.</exception>
    internal static IList<YamlDocument> Load(string text)
    {
        var last = Mark.Empty;
        try
        {
            var parser = new Parser(new StringReader(text));
            int depth = 0;
            while (parser.MoveNext())
            {
                last = parser.Current!.End;
                depth += parser.Current.NestingIncrease;
                if (depth > MostNesting)
                {
                    throw new YamlException(last, last, $"nested more than {MostNesting} deep");
                }
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            foreach (var document in stream.Documents)
            {
                RefuseCircles(document.RootNode, [], new HashSet<YamlNode>(ReferenceEqualityComparer.Instance));
            }

            return stream.Documents;
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet throws for some texts, such as a list that is not closed, without a place.
            throw new YamlException(last, last, "what begins here is not finished, or cannot stand here");
        }
    }

    private static void RefuseCircles(YamlNode node, List<YamlNode> around, HashSet<YamlNode> ended)
    {
        if (around.Exists(outer => ReferenceEquals(outer, node)))
        {
            throw new YamlException(node.Start, node.End, "an alias stands within its own anchor");
        }

        if (ended.Contains(node))
        {
            return;
        }

        around.Add(node);
        IEnumerable<YamlNode> inner = node switch
        {
            YamlMappingNode map => map.Children.SelectMany(static entry => new[] { entry.Key, entry.Value }),
            YamlSequenceNode list => list.Children,
            _ => [],
        };
        foreach (YamlNode below in inner)
        {
            RefuseCircles(below, around, ended);
        }

        around.RemoveAt(around.Count - 1);
        ended.Add(node);
    }
}
