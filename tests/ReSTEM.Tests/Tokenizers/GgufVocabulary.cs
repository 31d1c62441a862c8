using System.IO.Compression;
using System.Text;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>The vocabulary in a GGUF file of llama.cpp: three arrays among its keys.</summary>
internal static class GgufVocabulary
{
    internal static SentencePieceModel Read(string file)
    {
        using BinaryReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        Assert.Equal("GGUF", Encoding.ASCII.GetString(reader.ReadBytes(4)));
        reader.ReadUInt32();
        reader.ReadUInt64();
        Dictionary<string, object> values = [];
        for (ulong left = reader.ReadUInt64(); left > 0; left--)
        {
            string key = Text(reader);
            values[key] = Value(reader, reader.ReadUInt32());
        }

        object[] texts = (object[])values["tokenizer.ggml.tokens"];
        object[] scores = (object[])values["tokenizer.ggml.scores"];
        object[] kinds = (object[])values["tokenizer.ggml.token_type"];
        return new SentencePieceModel
        {
            Pieces = [.. texts.Select((text, id) => new SentencePiece((string)text, (float)scores[id], (SentencePieceKind)(int)kinds[id]))],
            Algorithm = SentencePieceAlgorithm.Bpe,
            ByteFallback = true,
            RemovesExtraBlanks = false,
        };
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint kind) => kind switch
    {
        0 or 1 or 7 => reader.ReadByte(),
        2 or 3 => reader.ReadInt16(),
        4 or 5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        8 => Text(reader),
        9 => Array(reader, reader.ReadUInt32()),
        _ => reader.ReadInt64(),
    };

    private static object[] Array(BinaryReader reader, uint kind)
    {
        object[] values = new object[reader.ReadUInt64()];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Value(reader, kind);
        }

        return values;
    }
}
