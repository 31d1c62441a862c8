using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>A file of an installed engine.</summary>
/// <param name="Path">Below the engine's folder, with <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal.</param>
internal sealed record EngineFile(string Path, long Bytes, string Sha256);

/// <summary>What lies beside an installed engine: what it is, what it was built from, and every file.</summary>
/// <param name="Name">Name of the engine.</param>
/// <param name="Sources">SHA-256 of the sources that it was built from (<see cref="EngineSources"/>).</param>
/// <param name="Library">The library that computes, with its version, as the engine says.</param>
/// <param name="Files">Every file but this one, by path.</param>
internal sealed record EngineManifest(string Name, string Sources, string Library, IReadOnlyList<EngineFile> Files)
{
    /// <summary>Its name in the engine's folder.</summary>
    internal const string FileName = "engine.json";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Of a folder as it is now.</summary>
    internal static EngineManifest Of(string name, string sources, string library, string folder) => new(name, sources, library,
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .Where(file => file.Name != FileName)
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new EngineFile(file.Name, new FileInfo(file.Path).Length, ContentDigest.OfFile(file.Path))),
    ]);

    /// <exception cref="InvalidDataException">There is none, or it cannot be read.</exception>
    internal static EngineManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing");
        }

        try
        {
            var read = JsonSerializer.Deserialize<EngineManifest>(File.ReadAllBytes(path), Readable) ?? throw new JsonException("it is null.");
            return read.Files.All(IsBelow) ? read : throw new JsonException("it lists a file that is not below its folder.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is damaged: {fault.Message.TrimEnd('.')}", fault);
        }
    }

    internal void Write(string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Readable) + "\n");

    /// <summary>The first file that is not as it was installed, in words; null where all are.</summary>
    /// <param name="folder">The engine's.</param>
    /// <param name="hashes">Whether contents are compared too, and not sizes only.</param>
    internal string? Fault(string folder, bool hashes)
    {
        foreach (EngineFile file in Files)
        {
            var found = new FileInfo(Path.Combine(folder, file.Path));
            if (!found.Exists)
            {
                return $"{found.FullName} is missing";
            }

            if (found.Length != file.Bytes)
            {
                return $"{found.FullName} has {found.Length} bytes, expected {file.Bytes}";
            }

            if (hashes && ContentDigest.OfFile(found.FullName) is var actual && actual != file.Sha256)
            {
                return $"{found.FullName} has the SHA-256 {actual}, expected {file.Sha256}";
            }
        }

        return null;
    }

    /// <summary>Whether an entry, which JSON may have as null, names a file below the folder.</summary>
    private static bool IsBelow(EngineFile? file) =>
        file is { Path.Length: > 0 } && !file.Path.StartsWith('/') && !file.Path.Contains('\0', StringComparison.Ordinal) && !file.Path.Split('/').Contains("..");
}
