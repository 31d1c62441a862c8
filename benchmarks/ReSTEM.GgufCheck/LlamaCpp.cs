using System.Text;
using LLama.Native;

namespace ReSTEM.GgufCheck;

/// <summary>A GGUF file opened by llama.cpp: its logits with keys and values in F32 and without flash attention, and its tokenizer.</summary>
internal sealed class LlamaCpp : IDisposable
{
    private readonly SafeLlamaModelHandle _model;

    private LlamaCpp(SafeLlamaModelHandle model) => _model = model;

    /// <summary>What llama.cpp said since the last load; for failures.</summary>
    internal static List<string> Log { get; } = [];

    internal static void Start()
    {
        NativeLibraryConfig.All.WithLogCallback((_, message) => Log.Add(message));
        NativeApi.llama_empty_call(); // loads the library that suits the processor
    }

    internal static LlamaCpp Open(string path)
    {
        Log.Clear();
        var parameters = LLamaModelParams.Default();
        parameters.n_gpu_layers = 0;
        return new LlamaCpp(SafeLlamaModelHandle.LoadFromFile(path, parameters));
    }

    /// <summary>Logits of every position.</summary>
    internal float[][] Logits(IReadOnlyList<int> ids, int threads = 1)
    {
        var parameters = LLamaContextParams.Default();
        parameters.n_ctx = 256;
        parameters.n_batch = parameters.n_ubatch = 256;
        parameters.n_threads = parameters.n_threads_batch = threads;
        parameters.type_k = parameters.type_v = GGMLType.GGML_TYPE_F32;
        parameters.llama_flash_attn_type = 0;
        parameters.swa_full = true;
        using var context = SafeLLamaContextHandle.Create(_model, parameters);
        var batch = new LLamaBatch();
        for (int position = 0; position < ids.Count; position++)
        {
            batch.Add(ids[position], position, (LLamaSeqId)0, true);
        }

        var result = context.Decode(batch);
        if (result != DecodeResult.Ok)
        {
            throw new InvalidOperationException($"llama.cpp's decode gave {result}, expected Ok.");
        }

        return [.. ids.Select((_, position) => context.GetLogitsIth(position).ToArray())];
    }

    /// <summary>Token ids of a text, special tokens in it read as such.</summary>
    internal int[] Tokenize(string text, bool addSpecial) =>
        [.. _model.Tokenize(text, addSpecial, special: true, Encoding.UTF8).Select(token => (int)token)];

    /// <summary>The bytes of tokens, one after the other, special tokens written out.</summary>
    internal byte[] Bytes(IEnumerable<int> ids)
    {
        List<byte> bytes = [];
        byte[] piece = new byte[4096];
        foreach (int id in ids)
        {
            bytes.AddRange(piece[..(int)_model.TokenToSpan(id, piece, lstrip: 0, special: true)]);
        }

        return [.. bytes];
    }

    public void Dispose() => _model.Dispose();
}
