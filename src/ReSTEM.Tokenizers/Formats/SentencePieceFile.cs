namespace ReSTEM.Tokenizers;

/// <summary>Reads a SentencePiece model (<c>tokenizer.model</c>), a message in Protocol Buffers' format.</summary>
/// <remarks>The numbers of fields are those of sentencepiece_model.proto of the SentencePiece project.</remarks>
internal static class SentencePieceFile
{
    /// <exception cref="InvalidDataException">The file is damaged or needs something that is not supported; the message names it.</exception>
    internal static SentencePieceModel Read(ReadOnlySpan<byte> bytes, string file)
    {
        List<SentencePiece> pieces = [];
        SentencePieceModel model = new() { Pieces = pieces };
        ProtobufReader reader = new(file, bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.IsBytes:
                    pieces.Add(ReadPiece(reader.AsMessage()));
                    break;
                case 2 when reader.IsBytes:
                    ReadTrainer(reader.AsMessage(), model);
                    break;
                case 3 when reader.IsBytes:
                    ReadNormalizer(reader.AsMessage(), model, file);
                    break;
                default: // self tests, denormalizer and later extensions change no id
                    break;
            }
        }

        Check(model, file);
        return model;
    }

    private static SentencePiece ReadPiece(ProtobufReader reader)
    {
        (string text, float score, SentencePieceKind kind) = ("", 0f, SentencePieceKind.Normal);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = reader.AsText();
                    break;
                case 2:
                    score = reader.AsSingle();
                    break;
                case 3:
                    kind = (SentencePieceKind)reader.AsInt32();
                    break;
                default:
                    break;
            }
        }

        return new SentencePiece(text, score, kind);
    }

    private static void ReadTrainer(ProtobufReader reader, SentencePieceModel model)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    model.Algorithm = (SentencePieceAlgorithm)reader.AsInt32();
                    break;
                case 24:
                    model.BlankIsSuffix = reader.AsBoolean();
                    break;
                case 35:
                    model.ByteFallback = reader.AsBoolean();
                    break;
                case 46:
                    model.BeginPiece = reader.AsText();
                    break;
                case 47:
                    model.EndPiece = reader.AsText();
                    break;
                default: // how it was trained
                    break;
            }
        }
    }

    private static void ReadNormalizer(ProtobufReader reader, SentencePieceModel model, string file)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2 when reader.Bytes.Length > 0:
                    model.CharacterMap = CharacterMap.TryRead(reader.Bytes) ?? throw new InvalidDataException(
                        $"{file}: precompiled_charsmap is {reader.Bytes.Length} bytes of something else, expected SentencePiece's table of replacements.");
                    break;
                case 3:
                    model.AddsDummyBlank = reader.AsBoolean();
                    break;
                case 4:
                    model.RemovesExtraBlanks = reader.AsBoolean();
                    break;
                case 5:
                    model.EscapesBlanks = reader.AsBoolean();
                    break;
                default: // name and source of the rules
                    break;
            }
        }
    }

    private static void Check(SentencePieceModel model, string file)
    {
        if (model.Algorithm is not (SentencePieceAlgorithm.Unigram or SentencePieceAlgorithm.Bpe))
        {
            throw new InvalidDataException($"{file}: model_type is {model.Algorithm}, expected Unigram or Bpe.");
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int id = 0; id < model.Pieces.Count; id++)
        {
            SentencePiece piece = model.Pieces[id];
            string? fault = !Enum.IsDefined(piece.Kind) ? $"of type {(int)piece.Kind}, expected 1 to 6"
                : piece.Text.Length == 0 || !seen.Add(piece.Text) ? "empty or there a second time, expected a text of its own"
                : !float.IsFinite(piece.Score) ? $"of score {piece.Score}, expected a finite one"
                : piece.Kind == SentencePieceKind.Byte && ByteTokens.ByteOf(piece.Text) is null ? "of type byte, expected the form <0x0A>"
                : piece.Kind == SentencePieceKind.Unused && model.Algorithm == SentencePieceAlgorithm.Bpe ? "unused, expected none such in a BPE model"
                : null;
            if (fault is not null)
            {
                throw new InvalidDataException($"{file}: piece {id} ('{JsonPart.OneLine(piece.Text.Length > 60 ? piece.Text[..60] : piece.Text)}') is {fault}.");
            }
        }

        int unknown = model.Pieces.Count(piece => piece.Kind == SentencePieceKind.Unknown);
        if (unknown != 1)
        {
            throw new InvalidDataException($"{file}: {unknown} of {model.Pieces.Count} pieces are the unknown one, expected exactly one.");
        }
    }
}
