using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>The folders of the shards that are submitted together, a line each, by which an element of an array finds its own.</summary>
internal static class ShardList
{
    /// <summary>Writes one beside the shards.</summary>
    /// <returns>Its path, which no other list of the draw had.</returns>
    internal static string Write(IReadOnlyList<string> folders)
    {
        int number = 1;
        while (File.Exists(Name()))
        {
            number++;
        }

        AtomicFile.WriteText(Name(), string.Concat(folders.Select(folder => folder + "\n")));
        return Name();

        string Name() => Path.Combine(Path.GetDirectoryName(folders[0])!, string.Create(CultureInfo.InvariantCulture, $"array-{number}.txt"));
    }

    /// <summary>What a shell does for one of them.</summary>
    /// <param name="variable">Has the number of the element, from 0.</param>
    /// <param name="list">From <see cref="Write"/>.</param>
    /// <param name="command">Program and arguments before the path of the spec.</param>
    internal static string Script(string variable, string list, IReadOnlyList<string> command) =>
        $"folder=$(sed -n \"$(({variable} + 1))p\" {Quoted(list)})\n" +
        $"exec {string.Join(' ', command.Select(Quoted))} \"$folder/{ShardSpec.Name}\" >>\"$folder/shard.log\" 2>&1 </dev/null";

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
