using System.Text;
using LLama.Native;

namespace ReSTEM.LlamaServer;

/// <summary>One drawn token.</summary>
/// <param name="Id">In the file's vocabulary.</param>
/// <param name="Bytes">What llama.cpp writes for it.</param>
/// <param name="LogProbability">Of the model, before any sampler.</param>
internal sealed record DrawnToken(int Id, byte[] Bytes, double LogProbability);

/// <summary>What was drawn.</summary>
/// <param name="Tokens">In order, with the one that ended the text.</param>
/// <param name="Text">Without end token, cut before a stop string.</param>
/// <param name="Stop">The stop string that ended it; null for none.</param>
/// <param name="IsEnded">Whether a token of llama.cpp's ended it.</param>
internal sealed record Drawn(IReadOnlyList<DrawnToken> Tokens, string Text, string? Stop, bool IsEnded);

/// <summary>How to draw, in the words of llama.cpp.</summary>
internal sealed record DrawOptions(uint Seed, int MaxTokens, float Temperature, int TopK, float TopP, float MinP, IReadOnlyList<string> Samplers, IReadOnlyList<string> Stop);

/// <summary>A GGUF file in llama.cpp: its tokenizer, logits and samplers.</summary>
internal sealed class LlamaModel : IDisposable
{
    private readonly SafeLlamaModelHandle _model;
    private readonly SafeLLamaContextHandle _context;
    private readonly Lock _lock = new(); // one context, one text at a time

    private LlamaModel(SafeLlamaModelHandle model)
    {
        _model = model;
        var parameters = LLamaContextParams.Default();
        ContextLength = model.ContextSize;
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = (uint)ContextLength;
        parameters.n_threads = parameters.n_threads_batch = 1;
        parameters.type_k = parameters.type_v = GGMLType.GGML_TYPE_F32;
        parameters.llama_flash_attn_type = 0;
        parameters.swa_full = true;
        _context = SafeLLamaContextHandle.Create(model, parameters);
    }

    internal int ContextLength { get; }

    internal static LlamaModel Open(string path)
    {
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        NativeApi.llama_empty_call(); // loads the library that suits the processor
        var parameters = LLamaModelParams.Default();
        parameters.n_gpu_layers = 0;
        return new LlamaModel(SafeLlamaModelHandle.LoadFromFile(path, parameters));
    }

    /// <summary>Token ids of a prompt, special tokens in it read as such and those around it added.</summary>
    internal int[] Tokenize(string text) => [.. _model.Tokenize(text, true, special: true, Encoding.UTF8).Select(token => (int)token)];

    /// <summary>The same of a text by itself, with nothing added.</summary>
    internal int[] TokenizePlain(string text) => [.. _model.Tokenize(text, false, special: false, Encoding.UTF8).Select(token => (int)token)];

    internal Drawn Draw(IReadOnlyList<int> prompt, DrawOptions options)
    {
        lock (_lock)
        {
            using SafeLLamaSamplerChainHandle samplers = Chain(options);
            _context.MemoryClear();
            Decode(prompt, 0);
            List<DrawnToken> tokens = [];
            List<byte> bytes = [];
            while (true)
            {
                int id = (int)samplers.Sample(_context, -1); // accepts it too
                bool isEnd = _model.Vocab.EOS is { } end && (int)end == id;
                byte[] piece = Piece(id, special: isEnd);
                tokens.Add(new DrawnToken(id, piece, LogProbability(id)));
                if (isEnd)
                {
                    return new Drawn(tokens, Encoding.UTF8.GetString([.. bytes]), null, true);
                }

                bytes.AddRange(piece);
                string text = Encoding.UTF8.GetString([.. bytes]);
                if (First(text, options.Stop) is { } stop)
                {
                    return new Drawn(tokens, text[..text.IndexOf(stop, StringComparison.Ordinal)], stop, false);
                }

                if (tokens.Count == options.MaxTokens || prompt.Count + tokens.Count == ContextLength)
                {
                    return new Drawn(tokens, text, null, false);
                }

                Decode([id], prompt.Count + tokens.Count - 1);
            }
        }
    }

    public void Dispose()
    {
        _context.Dispose();
        _model.Dispose();
    }

    private static string? First(string text, IReadOnlyList<string> stops) => stops
        .Where(stop => text.Contains(stop, StringComparison.Ordinal)).MinBy(stop => text.IndexOf(stop, StringComparison.Ordinal));

    /// <summary>llama.cpp's samplers in the order that a request names, and its draw.</summary>
    private static SafeLLamaSamplerChainHandle Chain(DrawOptions options)
    {
        var chain = SafeLLamaSamplerChainHandle.Create(LLamaSamplerChainParams.Default());
        if (options.Temperature <= 0)
        {
            chain.AddGreedySampler();
            return chain;
        }

        foreach (string sampler in options.Samplers)
        {
            switch (sampler)
            {
                case "top_k" when options.TopK > 0:
                    chain.AddTopK(options.TopK);
                    break;
                case "top_p":
                    chain.AddTopP(options.TopP, 1);
                    break;
                case "min_p":
                    chain.AddMinP(options.MinP, 1);
                    break;
                case "temperature":
                    chain.AddTemperature(options.Temperature);
                    break;
            }
        }

        chain.AddDistributionSampler(options.Seed);
        return chain;
    }

    private void Decode(IReadOnlyList<int> ids, int position)
    {
        var batch = new LLamaBatch();
        for (int i = 0; i < ids.Count; i++)
        {
            batch.Add(ids[i], position + i, (LLamaSeqId)0, i == ids.Count - 1);
        }

        var result = _context.Decode(batch);
        if (result != DecodeResult.Ok)
        {
            throw new InvalidOperationException($"llama.cpp's decode gave {result}, expected Ok.");
        }
    }

    /// <summary>Logarithm of the softmax of llama.cpp's logits after the text so far.</summary>
    private double LogProbability(int id)
    {
        ReadOnlySpan<float> logits = _context.GetLogitsIth(-1);
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return logits[id] - largest - Math.Log(sum);
    }

    private byte[] Piece(int id, bool special)
    {
        byte[] piece = new byte[4096];
        return piece[..(int)_model.TokenToSpan(id, piece, lstrip: 0, special)];
    }
}
