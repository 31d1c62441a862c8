using System.Text;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>The reference library, in Rust, and ours, on one tokenizer.json. The reference always adds special tokens, and leaves them out of texts.</summary>
internal sealed class RustTokenizer : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly global::Tokenizers.DotNet.Tokenizer _reference;

    internal RustTokenizer(string json)
        : this(Encoding.UTF8.GetBytes(json))
    {
    }

    internal RustTokenizer(byte[] json)
    {
        string file = _folder.File("tokenizer.json");
        File.WriteAllBytes(file, json);
        _reference = new global::Tokenizers.DotNet.Tokenizer(file);
        Ours = Tokenizer.Load(file);
    }

    internal Tokenizer Ours { get; }

    internal int[] Encode(string text) => [.. _reference.Encode(text).Select(id => (int)id)];

    internal string Decode(int[] ids) => _reference.Decode([.. ids.Select(id => (uint)id)]);

    /// <summary>Whether both give the same ids for a text and the same text for those ids.</summary>
    internal string? Difference(string text)
    {
        int[] expected = Encode(text);
        int[] actual = Ours.Encode(text, addSpecialTokens: true);
        if (!expected.SequenceEqual(actual))
        {
            return $"{Shown(text)}: [{string.Join(' ', actual)}], expected [{string.Join(' ', expected)}]";
        }

        return DecodingDifference(expected);
    }

    internal string? DecodingDifference(int[] ids)
    {
        string expected = Decode(ids);
        string actual = Ours.Decode(ids, skipSpecialTokens: true);
        return expected == actual ? null : $"[{string.Join(' ', ids)}]: {Shown(actual)}, expected {Shown(expected)}";
    }

    internal void AssertEqual(IEnumerable<string> texts)
    {
        string[] differences = [.. texts.Select(Difference).OfType<string>().Take(5)];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    public void Dispose()
    {
        _reference.Dispose();
        _folder.Dispose();
    }

    private static string Shown(string text) =>
        "\"" + string.Concat(text.EnumerateRunes().Select(rune => rune.Value is >= ' ' and < 127 ? rune.ToString() : $"\\u{{{rune.Value:X}}}")) + "\"";
}
