namespace ReSTEM.Models;

/// <summary>Reads the <c>decoder</c> of a tokenizer.json.</summary>
internal static class TokenDecoderFile
{
    /// <summary>What makes a fresh decoder: byte-level, or replacements, byte fallback, fusing and stripping of blanks, in this order.</summary>
    internal static Func<Vocabulary, ITokenDecoder> Read(JsonPart part, bool isByteLevel)
    {
        JsonPart[] steps = part.Type == "Sequence" ? [.. part.Get("decoders").Items()] : [part];
        if (isByteLevel)
        {
            foreach (JsonPart step in steps)
            {
                Require(step, step.Type is "ByteLevel" or "Fuse", "'ByteLevel'");
            }

            return steps.Any(step => step.Type == "ByteLevel")
                ? vocabulary => new ByteLevelDecoder(vocabulary)
                : throw part.Bad("without 'ByteLevel'", "a byte-level decoder");
        }

        List<(string Old, string New)> replacements = [];
        int stripped = 0;
        bool fallsBack = false;
        bool fused = false;
        foreach (JsonPart step in steps)
        {
            switch (step.Type)
            {
                case "Replace" when !fallsBack && !fused:
                    replacements.Add((step.Get("pattern").Get("String").AsString(), step.Get("content").AsString()));
                    break;
                case "ByteFallback" when !fused:
                    fallsBack = true;
                    break;
                case "Fuse":
                    fused = true;
                    break;
                case "Strip" when fused && stripped == 0 && step.Get("content").AsString() == " ":
                    stripped = step.Get("start").AsTokenId();
                    Require(step, step.Get("stop").AsTokenId() == 0, "'Strip' of the start alone");
                    break;
                default:
                    throw step.Get("type").Bad($"'{step.Type}'", "'Replace', 'ByteFallback', 'Fuse' and 'Strip' of blanks, in this order");
            }
        }

        return fallsBack && fused && replacements.TrueForAll(entry => entry.Old.Length > 0)
            ? vocabulary => new CharacterDecoder(vocabulary, replacements, stripped)
            : throw part.Bad("without 'ByteFallback' and 'Fuse', or with an empty 'Replace'", "the decoder of a SentencePiece encoding");
    }

    private static void Require(JsonPart step, bool holds, string expected)
    {
        if (!holds)
        {
            throw step.Get("type").Bad($"'{step.Type}'", expected);
        }
    }
}
