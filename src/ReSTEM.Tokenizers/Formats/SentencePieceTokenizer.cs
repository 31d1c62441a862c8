using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Makes a tokenizer of a SentencePiece model and of what its folder says beside it.</summary>
/// <remarks>
/// Control pieces, the unknown piece and the folder's added tokens are found in the text first, as the transformers library does; each
/// text between is SentencePiece's alone.
/// </remarks>
internal static class SentencePieceTokenizer
{
    private const string Blank = "\u2581";

    /// <summary>Where SentencePiece begins its search for the highest score, so that it finds nothing below.</summary>
    private const float SmallestNormal = 1.17549435E-38f;

    internal static Tokenizer Create(SentencePieceModel model, TokenizerSettings settings, string file)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        TextTrie userDefined = new();
        for (int id = 0; id < model.Pieces.Count; id++)
        {
            ids.Add(model.Pieces[id].Text, id);
            if (model.Pieces[id].Kind == SentencePieceKind.UserDefined)
            {
                userDefined.Add(model.Pieces[id].Text, id);
            }
        }

        IEnumerable<AddedToken> own = ids
            .Where(entry => model.Pieces[entry.Value].Kind is SentencePieceKind.Control or SentencePieceKind.Unknown)
            .Select(entry => new AddedToken { Id = entry.Value, Content = entry.Key, Special = true });
        Vocabulary vocabulary = new(ids, settings.WithAddedTokens(own, ids));
        bool adds = model.AddsDummyBlank && settings.AddsPrefixSpace;
        bool onlyFirst = adds && !settings.IsLegacy && !model.BlankIsSuffix;
        SentencePieceNormalizer normalizer = new(model.CharacterMap, userDefined, new BlankOptions(
            model.EscapesBlanks, model.RemovesExtraBlanks, adds && !model.BlankIsSuffix && !onlyFirst, adds && model.BlankIsSuffix));
        List<IPreTokenizerStep> steps = [];
        if (onlyFirst)
        {
            steps.Add(new PrefixStep(model.EscapesBlanks ? Blank : " ", PrependScheme.First, onlyWhereMissing: false));
        }

        bool isBpe = model.Algorithm == SentencePieceAlgorithm.Bpe;
        if (isBpe)
        {
            steps.Add(new TextSplitter(new SymbolPattern(userDefined), SplitBehavior.Isolated, invert: false));
        }

        return new Tokenizer(
            vocabulary,
            new TextNormalizer([normalizer.Apply]),
            new PreTokenizer(steps),
            isBpe ? CreateBpe(model, vocabulary, ids) : CreateUnigram(model, vocabulary),
            settings.Template(vocabulary, model.BeginPiece, model.EndPiece, file),
            DecoderSteps(adds, model.BlankIsSuffix));
    }

    private static UnigramEncoder CreateUnigram(SentencePieceModel model, Vocabulary vocabulary)
    {
        float[] normal = [.. model.Pieces.Where(piece => piece.Kind == SentencePieceKind.Normal).Select(piece => piece.Score)];
        float least = normal.Append(float.MaxValue).Min();
        float most = normal.Append(SmallestNormal).Max();
        return new UnigramEncoder(vocabulary, new UnigramOptions(
            [.. model.Pieces.Select(ScoreOf)],
            UnknownIdOf(model),
            model.ByteFallback,
            IsSinglePrecision: true,
            least - (float)UnigramOptions.UnknownPenalty)
        {
            Unused = model.Pieces.Index()
                .Where(entry => entry.Item.Kind is not (SentencePieceKind.Normal or SentencePieceKind.UserDefined))
                .Select(entry => entry.Index).ToHashSet(),
        });

        // A user-defined piece must win over whatever could be written in its place.
        double ScoreOf(SentencePiece piece) => piece.Kind == SentencePieceKind.UserDefined
            ? ((double)(Encoding.UTF8.GetByteCount(piece.Text) * most)) - 0.1
            : piece.Score;
    }

    /// <summary>Any two neighbours merge that together are a piece: the one with the highest score first.</summary>
    private static CharacterEncoder CreateBpe(SentencePieceModel model, Vocabulary vocabulary, Dictionary<string, int> ids)
    {
        var rankOfScore = model.Pieces.Select(piece => piece.Score).Distinct().OrderDescending().Index()
            .ToDictionary(entry => entry.Item, entry => entry.Index);
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        List<(int Left, int Right, int Merged, int Rank)> merges = [];
        for (int id = 0; id < model.Pieces.Count; id++)
        {
            (string text, float score, SentencePieceKind kind) = model.Pieces[id];
            for (int cut = 1; kind == SentencePieceKind.Normal && cut < text.Length; cut++)
            {
                if (lookup.TryGetValue(text.AsSpan(0, cut), out int left) && lookup.TryGetValue(text.AsSpan(cut), out int right))
                {
                    merges.Add((left, right, id, rankOfScore[score]));
                }
            }
        }

        var frozen = ids.Where(entry => model.Pieces[entry.Value].Kind == SentencePieceKind.UserDefined).ToDictionary(StringComparer.Ordinal);
        return new CharacterEncoder(vocabulary, new MergeTable(merges, merges.Count), new CharacterEncoderOptions(
            model.ByteFallback, UnknownIdOf(model), FuseUnknown: true, IgnoreMerges: false)
        {
            Frozen = frozen.Count > 0 ? frozen : null,
        });
    }

    private static int UnknownIdOf(SentencePieceModel model) =>
        model.Pieces.Index().First(entry => entry.Item.Kind == SentencePieceKind.Unknown).Index;

    private static List<Func<Action<string>, IDecoderStep>> DecoderSteps(bool addsBlank, bool isSuffix)
    {
        List<Func<Action<string>, IDecoderStep>> steps =
        [
            next => new TokenStep((token, _) => token.Replace(Blank, " ", StringComparison.Ordinal), next),
            next => new ByteFallbackStep(next),
        ];
        if (addsBlank)
        {
            steps.Add(next => new WholeStripStep(' ', isSuffix ? 0 : 1, isSuffix ? 1 : 0, next));
        }

        return steps;
    }
}
