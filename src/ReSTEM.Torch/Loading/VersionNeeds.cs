using System.Buffers.Binary;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Torch;

/// <summary>The versions of other libraries' symbols that a shared library needs, as its section <c>.gnu.version_r</c> lists them.</summary>
/// <remarks>Linux Standard Base 5.0, core specification, chapter 10.7 (symbol versioning).</remarks>
internal static class VersionNeeds
{
    private const int SectionType = 0x6FFFFFFE; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>Versions that it needs of a library and that are not weak; the loader refuses it where one is missing.</summary>
    /// <param name="library">The whole file.</param>
    /// <param name="path">For messages.</param>
    /// <param name="of">The other library's file name.</param>
    /// <exception cref="EngineException">The file is damaged.</exception>
    internal static IReadOnlyList<string> Strong(ReadOnlySpan<byte> library, string path, string of)
    {
        var versions = new List<string>();
        foreach (var need in All(library, path))
        {
            if (need.Library == of && (BinaryPrimitives.ReadUInt16LittleEndian(library[need.FlagsAt..]) & Weak) == 0)
            {
                versions.Add(need.Version);
            }
        }

        return versions;
    }

    /// <summary>Marks the need of a version as weak, so that the loader goes on without it.</summary>
    /// <exception cref="EngineException">The file is damaged.</exception>
    internal static void Weaken(Span<byte> library, string path, string version)
    {
        foreach (var need in All(library, path))
        {
            if (need.Version == version)
            {
                var flags = library[need.FlagsAt..];
                BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
            }
        }
    }

    private static List<(string Library, string Version, int FlagsAt)> All(ReadOnlySpan<byte> file, string path)
    {
        try
        {
            return Read(file);
        }
        catch (ArgumentException fault) // an offset leads out of the file
        {
            throw new EngineException($"{path} is damaged: its sections are not those of a shared library. {TorchFolder.Remedy}", fault);
        }
    }

    private static List<(string Library, string Version, int FlagsAt)> Read(ReadOnlySpan<byte> file)
    {
        var needs = new List<(string, string, int)>();
        int sections = checked((int)BinaryPrimitives.ReadInt64LittleEndian(file[0x28..])), length = Half(file, 0x3A), count = Half(file, 0x3C);
        for (int section = 0; section < count; section++)
        {
            int header = sections + (section * length);
            if (Word(file, header + 4) != SectionType)
            {
                continue;
            }

            int strings = Offset(file, sections + (Word(file, header + 40) * length)), need = Offset(file, header), next;
            do
            {
                int entry = need + Word(file, need + 8);
                for (int left = Half(file, need + 2); left > 0; left--)
                {
                    needs.Add((Text(file, strings + Word(file, need + 4)), Text(file, strings + Word(file, entry + 8)), entry + 4));
                    entry += Word(file, entry + 12);
                }

                next = Word(file, need + 12);
                need += next;
            }
            while (next != 0);
        }

        return needs;
    }

    private static int Half(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    private static int Word(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file[at..]);

    private static int Offset(ReadOnlySpan<byte> file, int header) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(file[(header + 24)..]));

    private static string Text(ReadOnlySpan<byte> file, int at)
    {
        var rest = file[at..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
