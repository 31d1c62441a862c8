using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Runs;
using ReSTEM.Tokenizers;

namespace ReSTEM.Pretraining;

/// <summary>A model with random weights and a tokenizer trained on the first stage's corpus.</summary>
internal static class InitialModel
{
    private const float NormEpsilon = 1e-5f;

    /// <summary>Makes the model's folder, unless an earlier start did.</summary>
    /// <param name="config">Has a shape and a tokenizer.</param>
    /// <param name="runFolder">Where the folder goes.</param>
    /// <returns>The folder.</returns>
    internal static string Make(TrainConfig config, string runFolder)
    {
        string initial = Path.Combine(runFolder, "initial");
        if (Directory.Exists(initial))
        {
            return initial;
        }

        ModelShape shape = config.Model!;
        byte[] tokenizerJson = TrainTokenizer(config.Tokenizer!, config.Stages[0].Corpus!);
        string tokenizerFolder = Directory.CreateDirectory(Path.Combine(runFolder, "tokenizer")).FullName;
        File.WriteAllBytes(Path.Combine(tokenizerFolder, "tokenizer.json"), tokenizerJson);
        var tokenizer = Tokenizer.Load(tokenizerFolder);
        var random = RandomStream.Of((ulong)config.Seed, RandomPurpose.Initialization);
        ModelFolder.Save(initial, ModelInitializer.Create(Shape(shape, tokenizer), random), tokenizerFolder);
        return initial;
    }

    private static ModelConfig Shape(ModelShape shape, Tokenizer tokenizer) => new()
    {
        Family = shape.Family is ModelFamily.Llama ? DecoderFamilies.Llama : DecoderFamilies.Qwen2,
        ModelDim = shape.ModelDim,
        LayerCount = shape.Layers,
        HeadCount = shape.Heads,
        KvHeadCount = shape.KvHeads == 0 ? shape.Heads : shape.KvHeads,
        HeadDim = shape.ModelDim / shape.Heads,
        FeedForwardDim = shape.FeedForwardDim,
        VocabularySize = tokenizer.VocabularySize,
        ContextLength = shape.ContextLength,
        NormEpsilon = NormEpsilon,
        Rope = new RopeConfig(shape.RopeTheta, shape.ModelDim / shape.Heads),
        TiedEmbeddings = shape.TiedEmbeddings,
        EndTokenIds = [tokenizer.IdOf(QuickstartCorpus.EndToken)!.Value],
    };

    private static byte[] TrainTokenizer(TokenizerTraining training, CorpusConfig corpus)
    {
        var texts = QuickstartCorpus.Documents(corpus.Mix, corpus.Name, (ulong)corpus.Seed)
            .Take(training.Documents)
            .Select(document => document.Prompt + document.Completion);
        return BpeTrainer.Train(texts, QuickstartCorpus.TokenizerPattern, training.VocabularySize, [QuickstartCorpus.EndToken]);
    }
}
