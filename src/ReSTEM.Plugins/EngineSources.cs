using System.Xml;
using System.Xml.Linq;
using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>The sources that an engine is built from: an engine of other sources than the program's would compute with other types.</summary>
internal static class EngineSources
{
    /// <summary>SHA-256 over every source and project file of the engine's project and all that it refers to, and over the versions of packages.</summary>
    /// <exception cref="EngineException">A project file is missing or damaged.</exception>
    internal static string Digest(Checkout checkout, EngineKind kind)
    {
        using var digest = new ContentDigest();
        digest.Add(kind.Name);
        foreach (string file in Files(checkout, kind))
        {
            digest.Add(Path.GetRelativePath(checkout.Root, file));
            digest.Add(File.ReadAllBytes(file));
        }

        return digest.Finish();
    }

    private static SortedSet<string> Files(Checkout checkout, EngineKind kind)
    {
        string project = Path.Combine(checkout.Root, kind.Project);
        string[] shared = ["Directory.Build.props", "Directory.Packages.props"];
        var files = new SortedSet<string>(shared.Select(name => Path.Combine(checkout.Root, name)).Where(File.Exists), StringComparer.Ordinal);
        if (Directory.Exists(Folder(project)))
        {
            files.UnionWith(Directory.EnumerateFiles(Folder(project), "engine.*"));
        }

        var waiting = new Queue<string>([project]);
        while (waiting.TryDequeue(out string? next))
        {
            if (!File.Exists(next))
            {
                throw new EngineException($"{next} is missing, expected it in a checkout of ReSTEM: engines are built from their sources.");
            }

            if (files.Add(next))
            {
                // The folder of the projects that are published holds nothing but them.
                files.UnionWith(next == project ? [] : Directory.EnumerateFiles(Folder(next), "*.cs", SearchOption.AllDirectories));
                References(next).ForEach(waiting.Enqueue);
            }
        }

        return files;
    }

    private static List<string> References(string project)
    {
        try
        {
            return
            [
                .. XDocument.Load(project).Descendants("ProjectReference")
                    .Select(reference => reference.Attribute("Include")?.Value ?? throw new XmlException("a ProjectReference has no Include."))
                    .Select(path => Path.GetFullPath(Path.Combine(Folder(project), path.Replace('\\', '/')))),
            ];
        }
        catch (XmlException fault)
        {
            throw new EngineException($"{project} is damaged: {fault.Message.TrimEnd('.')}, expected a project file of ReSTEM: engines are built from their sources.", fault);
        }
    }

    private static string Folder(string file) => Path.GetDirectoryName(file)!;
}
