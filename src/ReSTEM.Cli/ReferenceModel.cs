using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Cli;

/// <summary>A small model with random weights, to compare engines on: seconds to make and to compute, and nothing to download.</summary>
internal static class ReferenceModel
{
    private const int ModelDim = 64, Heads = 4, KvHeads = 2, Layers = 2, FeedForwardDim = 160, Vocabulary = 96, Context = 64;
    private const float RopeTheta = 10_000;

    /// <summary>Writes it into a folder of its own that is gone when the work is done.</summary>
    internal static async Task UseAsync(Func<string, Task> work)
    {
        string folder = Directory.CreateTempSubdirectory("restem-engine-check-").FullName;
        try
        {
            string model = Path.Combine(folder, "model");
            ModelFolder.Save(model, ModelInitializer.Create(Config(), RandomStream.Of(1, RandomPurpose.Initialization)), tokenizerFolder: null);
            await work(model);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ModelConfig Config() => new()
    {
        Family = DecoderFamilies.Llama,
        ModelDim = ModelDim,
        LayerCount = Layers,
        HeadCount = Heads,
        KvHeadCount = KvHeads,
        HeadDim = ModelDim / Heads,
        FeedForwardDim = FeedForwardDim,
        VocabularySize = Vocabulary,
        ContextLength = Context,
        NormEpsilon = 1e-5f,
        Rope = new RopeConfig(RopeTheta, ModelDim / Heads),
        TiedEmbeddings = true,
        EndTokenIds = [0],
    };
}
