using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Torch;

/// <summary>
/// Whether what is drawn of a sequence has the same bits alone and among others, in any slot: drawn both ways from a small random model, for the
/// libraries choose their kernels by shape and by device.
/// </summary>
internal static class NeighbourTest
{
    private const int Drawn = 5;
    private const long KvBytes = 1L << 30; // more than so small a model takes

    /// <summary>Of a size that tiles divide, and of one that leaves rests of every kind, where other kernels are chosen.</summary>
    private static readonly ModelConfig[] Shapes =
    [
        Shape(modelDim: 256, headDim: 64, feedForwardDim: 704, vocabulary: 512),
        Shape(modelDim: 24, headDim: 8, feedForwardDim: 40, vocabulary: 61),
    ];

    /// <summary>Takes a fraction of a second.</summary>
    internal static bool Holds(TorchSettings settings) => Array.TrueForAll(Shapes, config => Holds(settings, config));

    private static ModelConfig Shape(int modelDim, int headDim, int feedForwardDim, int vocabulary) => new()
    {
        Family = DecoderFamilies.Llama,
        ModelDim = modelDim,
        LayerCount = 2,
        HeadCount = 4,
        KvHeadCount = 2,
        HeadDim = headDim,
        FeedForwardDim = feedForwardDim,
        VocabularySize = vocabulary,
        ContextLength = 8 * KvCache.BlockLength,
        NormEpsilon = 1e-5f,
        Rope = new RopeConfig(10_000, headDim),
        TiedEmbeddings = false,
    };

    private static bool Holds(TorchSettings settings, ModelConfig config)
    {
        var engine = new EngineFingerprint(settings.EngineName, "", "", Deterministic: false);
        using var model = new TorchModel(
            ModelInitializer.Create(config, RandomStream.Of(1, RandomPurpose.Initialization)), null, new PolicyFingerprint("", engine), settings, KvBytes);
        int[] prompt = Prompt(KvCache.BlockLength + 7, 1, config), longer = Prompt((6 * KvCache.BlockLength) + 3, 2, config);
        var alone = Draw(model, [prompt], own: 0);
        int slots = settings.PassRows;
        return IsInEverySlot(model, prompt, slots, alone) && new[] { slots / 2, slots - 1 }.All(own =>
            alone.SequenceEqual(Draw(model, [.. Enumerable.Range(0, slots).Select(slot => slot == own ? prompt : longer)], own)));
    }

    /// <summary>Whether all slots draw the same when they are asked the same.</summary>
    private static bool IsInEverySlot(TorchModel model, int[] prompt, int slots, DrawnToken[] alone)
    {
        using var decoder = model.OpenDecoder();
        var opened = Compute(model, decoder, prompt);
        var forks = Enumerable.Range(0, slots).Select(_ => decoder.TryFork(opened, prompt.Length + Drawn)).TakeWhile(static fork => fork is not null).Select(static fork => fork!).ToArray();
        var drawn = new DrawnToken[forks.Length];
        for (int token = 0; token < Drawn; token++)
        {
            DecoderRow[] rows = token == 0 ? [] : [.. forks.Select(fork => new DecoderRow(alone[token - 1].Id, prompt.Length + token - 1, fork))];
            decoder.Step(rows, [.. forks.Select(fork => new TokenDraw(fork, new SamplingOptions(), Random(0), (uint)token))], drawn);
            if (!Array.TrueForAll(drawn, one => one == alone[token]))
            {
                return false;
            }
        }

        return true;
    }

    private static int[] Prompt(int length, int step, ModelConfig config) =>
        [.. Enumerable.Range(0, length).Select(position => 1 + (position * step % (config.VocabularySize - 1)))];

    /// <summary>What is drawn from one of some prompts, each of which has a slot.</summary>
    private static DrawnToken[] Draw(TorchModel model, int[][] prompts, int own)
    {
        using var decoder = model.OpenDecoder();
        var opened = prompts.Distinct().ToDictionary(static ids => ids, ids => Compute(model, decoder, ids));
        var forks = prompts.Select(ids => decoder.TryFork(opened[ids], ids.Length + Drawn)).TakeWhile(static fork => fork is not null).Select(static fork => fork!).ToArray();
        own = Math.Min(own, forks.Length - 1);
        var drawn = new DrawnToken[forks.Length];
        var kept = new DrawnToken[Drawn];
        for (int token = 0; token < Drawn; token++)
        {
            DecoderRow[] rows = token == 0 ? [] : [.. forks.Select((fork, slot) => new DecoderRow(drawn[slot].Id, prompts[slot].Length + token - 1, fork))];
            TokenDraw[] draws = [.. forks.Select((fork, slot) => new TokenDraw(fork, new SamplingOptions(), Random(slot == own ? 0 : slot + 1), (uint)token))];
            decoder.Step(rows, draws, drawn);
            kept[token] = drawn[own];
        }

        return kept;
    }

    private static RandomStream Random(int sample) => RandomStream.Of(1, RandomPurpose.Sample).At(0, "", sample);

    private static IDecoderSequence Compute(TorchModel model, IDecoder decoder, int[] ids)
    {
        var sequence = decoder.TryOpen(ids.Length)!;
        foreach (var rows in ids.Select((id, position) => new DecoderRow(id, position, sequence)).Chunk(model.MaxRows))
        {
            decoder.Step(rows, [], []);
        }

        return sequence;
    }
}
