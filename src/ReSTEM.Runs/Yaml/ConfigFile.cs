using ReSTEM.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ReSTEM.Runs;

/// <summary>Reads configuration files.</summary>
public static class ConfigFile
{
    /// <summary>Reads, overrides, binds and checks a configuration.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">From the command line, each <c>key.path=value</c> with the value in YAML.</param>
    /// <param name="check">Finds what no single key shows; reports through the callback as (key path, message).</param>
    /// <exception cref="ConfigException">Anything is wrong; every fault is listed.</exception>
    public static T Read<T>(string path, IReadOnlyList<string> overrides, Action<T, Action<string, string>> check)
        where T : class => ReadPlaced(path, overrides, check).Config;

    /// <summary>The same, with the place of every key path, for faults that are found later.</summary>
    /// <exception cref="ConfigException">Anything is wrong; every fault is listed.</exception>
    public static (T Config, Func<string, string> PlaceOf) ReadPlaced<T>(
        string path, IReadOnlyList<string> overrides, Action<T, Action<string, string>> check)
        where T : class
    {
        ConfigLayers layers = ConfigLayers.Read(path);
        var binder = new ConfigBinder(layers.Places, typeof(T));
        YamlMappingNode root = layers.Root;
        if (ConfigKinds.Fault(typeof(T), root) is { } other)
        {
            throw new ConfigException([new ConfigIssue(path, other)]);
        }

        foreach (string text in overrides)
        {
            Override(root, text, binder);
        }

        var config = (T?)binder.Bind(typeof(T), root, "");
        if (binder.Issues.Count == 0)
        {
            check(config!, binder.Fault);
        }

        return binder.Issues.Count == 0 ? (config!, binder.PlaceOf) : throw new ConfigException(binder.Issues);
    }

    /// <summary>Which verb the configuration in a file is for.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or is no YAML mapping.</exception>
    public static ConfigKind KindOf(string path) => ConfigKinds.Of(ConfigLayers.Read(path).Root);

    /// <summary>Where every value of a configuration was said.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">From the command line, <c>key.path=value</c>.</param>
    /// <exception cref="ConfigException">A file cannot be read, or does not go with what it extends.</exception>
    public static ConfigSources SourcesOf(string path, IReadOnlyList<string> overrides)
    {
        ConfigLayers layers = ConfigLayers.Read(path);
        var binder = new ConfigBinder(layers.Places, typeof(RunConfig));
        foreach (string text in overrides)
        {
            Override(layers.Root, text, binder);
        }

        return new ConfigSources(layers.Files, [.. Below(layers.Root, "")]);

        IEnumerable<ConfigValue> Below(YamlMappingNode map, string prefix) => map.Children.SelectMany(entry =>
            entry.Value is YamlMappingNode inner
                ? Below(inner, $"{prefix}{entry.Key}.")
                : [new ConfigValue($"{prefix}{entry.Key}", $"{entry.Value}", binder.Overridden.GetValueOrDefault($"{prefix}{entry.Key}", layers.Places.Of(entry.Value)))]);
    }

    private static string ReadText(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return FileSignature.Of(bytes) is { } other
                ? throw new ConfigException([new ConfigIssue(path, $"the file is {other}, expected a configuration in YAML.")])
                : new StreamReader(new MemoryStream(bytes)).ReadToEnd();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string what = File.Exists(path) ? "cannot be read" : Directory.Exists(path) ? "is a folder, expected a file" : "does not exist";
            throw new ConfigException([new ConfigIssue(path, $"{what}; give the path of a YAML file, for example configs/quickstart.yaml.")]);
        }
    }

    /// <summary>The mapping that a file holds, without what it extends.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or is no YAML mapping.</exception>
    internal static YamlMappingNode Parse(string path)
    {
        string text = ReadText(path);
        try
        {
            var documents = YamlText.Load(text);
            return documents.Count == 1 && documents[0].RootNode is YamlMappingNode mapping
                ? mapping
                : throw new ConfigException([new ConfigIssue($"{path}:1:1", "the file holds no keys, expected a YAML mapping.")]);
        }
        catch (YamlException fault)
        {
            string reason = fault.InnerException?.Message ?? fault.Message;
            throw new ConfigException(
                [new ConfigIssue($"{path}:{fault.Start.Line}:{fault.Start.Column}", $"not valid YAML: {reason.TrimEnd('.')}.")]);
        }
    }

    private static void Override(YamlMappingNode root, string text, ConfigBinder binder)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string place = $"--set {text}";
        if (equals <= 0)
        {
            binder.Issues.Add(new ConfigIssue(place, "expected key.path=value."));
            return;
        }

        string path = text[..equals];
        string[] keys = path.Split('.');
        YamlMappingNode node = root;
        foreach (string key in keys[..^1])
        {
            var scalar = new YamlScalarNode(key);
            if (!node.Children.TryGetValue(scalar, out YamlNode? child) || child is not YamlMappingNode)
            {
                child = new YamlMappingNode();
                node.Children[scalar] = child;
            }

            node = (YamlMappingNode)child;
        }

        node.Children[new YamlScalarNode(keys[^1])] = Value(place, text[(equals + 1)..]);
        for (int depth = 1; depth <= keys.Length; depth++)
        {
            binder.Overridden.TryAdd(string.Join('.', keys[..depth]), place);
        }
    }

    private static YamlNode Value(string place, string text)
    {
        try
        {
            var documents = YamlText.Load(text);
            return documents.Count == 0 ? new YamlScalarNode("") : documents[0].RootNode;
        }
        catch (YamlException fault)
        {
            throw new ConfigException([new ConfigIssue(place, $"the value is not valid YAML: {fault.Message.TrimEnd('.')}.")]);
        }
    }
}
