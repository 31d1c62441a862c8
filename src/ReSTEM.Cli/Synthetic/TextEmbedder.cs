using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>A model whose embeddings tell how different texts are.</summary>
internal sealed class TextEmbedder
{
    private readonly IEngine _engine;
    private readonly PolicyRef _model;
    private readonly ModelInfo _info;

    private TextEmbedder(IEngine engine, PolicyRef model, ModelInfo info) => (_engine, _model, _info) = (engine, model, info);

    /// <summary>Its family and size, for people.</summary>
    internal string Description => CheckOutput.Text($"{_info.Description}, {_info.ParameterCount:N0} parameters, context {_info.ContextLength}");

    /// <summary>SHA-256 of its weights.</summary>
    internal string Sha256 => _model.Sha256;

    /// <summary>The model in a folder; null where the folder's name is empty.</summary>
    /// <exception cref="UsageException">It cannot be used.</exception>
    internal static TextEmbedder? Of(string folder)
    {
        if (folder.Length == 0)
        {
            return null;
        }

        IEngine engine = EngineWiring.Usual(); // whatever engine writes: the same numbers everywhere
        var (model, info) = Given.Model(engine, "embedder", folder);
        return new TextEmbedder(engine, model, info);
    }

    /// <summary>A vector for each text.</summary>
    /// <exception cref="InvalidDataException">A text does not fit the model.</exception>
    internal IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        int[][] ids = [.. texts.Select(text => _info.Encode(text, addSpecialTokens: true))];
        for (int i = 0; i < ids.Length; i++)
        {
            if (_info.SequenceFault(ids[i]) is { } fault)
            {
                throw new InvalidDataException($"a text cannot be embedded by {_model.Folder} ('{texts[i]}'): {fault} Take another embedder, or none.");
            }
        }

        return _engine.Embed(_model, ids, cancellationToken);
    }
}
