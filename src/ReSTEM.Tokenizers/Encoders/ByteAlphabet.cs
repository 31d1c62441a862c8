namespace ReSTEM.Tokenizers;

/// <summary>
/// The one-to-one map of byte-level BPE from the 256 bytes to printable characters: printable Latin-1 bytes stand for themselves,
/// the other 68 for U+0100 and up in byte order, so that a blank is written as U+0120.
/// </summary>
/// <remarks>Radford et al. 2019, "Language models are unsupervised multitask learners", section 2.2, and the vocabulary published with it.</remarks>
internal static class ByteAlphabet
{
    private const int FirstStandIn = 0x100;

    private static readonly char[] Characters = CreateCharacters();
    private static readonly short[] Bytes = CreateBytes();

    /// <summary>The character that stands for a byte.</summary>
    internal static char CharacterOf(byte value) => Characters[value];

    /// <summary>The byte a character stands for, or -1 for a character outside the alphabet.</summary>
    internal static int ByteOf(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>The bytes written with one character each.</summary>
    internal static string Write(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = bytes.Length <= 512 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[i] = Characters[bytes[i]];
        }

        return new string(text);
    }

    private static char[] CreateCharacters()
    {
        char[] characters = new char[256];
        int standIn = FirstStandIn;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xFF and not 0xAD);
            characters[value] = printable ? (char)value : (char)standIn++;
        }

        return characters;
    }

    private static short[] CreateBytes()
    {
        short[] bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < 256; value++)
        {
            bytes[Characters[value]] = (short)value;
        }

        return bytes;
    }
}
