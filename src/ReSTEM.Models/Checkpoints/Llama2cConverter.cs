using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ReSTEM.Models;

/// <summary>Turns a checkpoint of Andrej Karpathy's llama2.c (export version 0) into a Hugging Face folder.</summary>
/// <remarks>
/// Layout of version 0: seven int32 (dim, hidden dim, layers, heads, KV heads, vocabulary, context; a negative vocabulary says that
/// the classifier is stored), then float32 tensors, each kind for all layers at once. Its rotary embedding pairs neighbouring
/// elements where ours pairs halves of a head, so rows of query and key projections are put into that order.
/// </remarks>
public static class Llama2cConverter
{
    private const int HeaderSize = 7 * sizeof(int);
    private const float NormEpsilon = 1e-5f;
    private const double RopeTheta = 10_000;

    /// <summary>Converts a checkpoint; token 1 begins and token 2 ends a text, as in Llama 2.</summary>
    /// <param name="checkpointPath">For example <c>stories260K.bin</c>.</param>
    /// <param name="folder">Must not exist, or be empty. Gets no tokenizer: the model is used with token ids.</param>
    /// <exception cref="InvalidDataException">The file is not a whole checkpoint of version 0.</exception>
    public static void Convert(string checkpointPath, string folder) =>
        ModelFolder.Save(folder, Read(checkpointPath, File.ReadAllBytes(checkpointPath)), tokenizerFolder: null);

    private static ModelWeights Read(string path, byte[] bytes)
    {
        if (bytes.Length < HeaderSize)
        {
            throw new InvalidDataException($"{path}: the file has {bytes.Length} bytes, expected at least {HeaderSize} (the header).");
        }

        int[] header = [.. Enumerable.Range(0, 7).Select(i => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * sizeof(int))))];
        ModelConfig config = ReadConfig(path, header);
        ModelWeights weights = ModelWeights.Zeros(config);
        long frequencies = (long)config.ContextLength * config.HeadDim; // cosines and sines of older readers, not needed
        long floats = weights.Tensors.Sum(tensor => (long)tensor.Values.Length) + frequencies;
        if (bytes.Length != HeaderSize + (floats * sizeof(float)))
        {
            throw new InvalidDataException(
                $"{path}: the file has {bytes.Length} bytes, expected {HeaderSize + (floats * sizeof(float))} by its header; is it truncated?");
        }

        Fill(weights, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(HeaderSize)), (int)frequencies);
        return weights;
    }

    private static ModelConfig ReadConfig(string path, int[] header)
    {
        bool inRange = header.All(value => Math.Abs((long)value) is >= 1 and <= 1 << 20) && header.Where((_, i) => i != 5).All(value => value > 0);
        if (!inRange || header[0] % header[3] != 0 || header[3] % header[4] != 0 || header[0] / header[3] % 2 != 0)
        {
            throw new InvalidDataException(
                $"{path}: the header is [{string.Join(", ", header)}], expected dim, hidden dim, layers, heads, KV heads, vocabulary and context of a llama2.c checkpoint of version 0.");
        }

        return new ModelConfig
        {
            Family = DecoderFamilies.Llama,
            ModelDim = header[0],
            FeedForwardDim = header[1],
            LayerCount = header[2],
            HeadCount = header[3],
            KvHeadCount = header[4],
            HeadDim = header[0] / header[3],
            VocabularySize = Math.Abs(header[5]),
            ContextLength = header[6],
            NormEpsilon = NormEpsilon,
            Rope = new RopeConfig(RopeTheta, header[0] / header[3]),
            TiedEmbeddings = header[5] > 0,
            BeginTokenId = 1,
            EndTokenIds = [2],
        };
    }

    private static void Fill(ModelWeights weights, ReadOnlySpan<float> floats, int frequencies)
    {
        int[] layers = [.. Enumerable.Range(0, weights.Config.LayerCount)];
        var order = new List<WeightTensor> { weights.Part(WeightPart.Embedding)[0] };
        Add(WeightPart.AttentionNorm, 0);
        Add(WeightPart.QueryKeyValue, 0);
        Add(WeightPart.QueryKeyValue, 1);
        Add(WeightPart.QueryKeyValue, 2);
        Add(WeightPart.Output, 0);
        Add(WeightPart.FeedForwardNorm, 0);
        Add(WeightPart.GateUp, 0);
        Add(WeightPart.Down, 0);
        Add(WeightPart.GateUp, 1);
        order.Add(weights.Part(WeightPart.FinalNorm)[0]);
        foreach (WeightTensor tensor in order)
        {
            floats[..tensor.Values.Length].CopyTo(tensor.Values);
            floats = floats[tensor.Values.Length..];
        }

        if (!weights.Config.TiedEmbeddings)
        {
            float[] head = weights.Part(WeightPart.Head)[0].Values;
            floats.Slice(frequencies, head.Length).CopyTo(head);
        }

        foreach (WeightTensor tensor in layers.SelectMany(layer => weights.Part(WeightPart.QueryKeyValue, layer).Take(2)))
        {
            PairHalves(tensor, weights.Config.HeadDim);
        }

        void Add(WeightPart part, int index) => order.AddRange(layers.Select(layer => weights.Part(part, layer)[index]));
    }

    /// <summary>Within each head, row 2 i goes to i and row 2 i + 1 to Hd / 2 + i.</summary>
    private static void PairHalves(WeightTensor projection, int headDim)
    {
        int inDim = projection.Shape[1];
        float[] source = [.. projection.Values];
        for (int row = 0; row < projection.Shape[0]; row++)
        {
            int inHead = row % headDim;
            int target = row - inHead + (inHead % 2 * (headDim / 2)) + (inHead / 2);
            source.AsSpan(row * inDim, inDim).CopyTo(projection.Values.AsSpan(target * inDim));
        }
    }
}
