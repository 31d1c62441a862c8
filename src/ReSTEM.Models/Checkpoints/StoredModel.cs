using System.Numerics;

namespace ReSTEM.Models;

/// <summary>The weights of a model folder, read where they are wanted; no copy of the whole is held. For one thread.</summary>
public sealed class StoredModel : IWeightSource, IDisposable
{
    private const int CompareRows = 256;

    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, (SafetensorsFile File, SafetensorsEntry Entry)> _byName = new(StringComparer.Ordinal);
    private (string Name, float[] Values) _turned = ("", []);

    private StoredModel(string folder, ModelConfig config)
    {
        (Folder, Config) = (folder, config);
        Places = ModelLayout.Tensors(config);
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorPlace> Places { get; }

    /// <summary>Opens the files and checks names and shapes; buffers that old checkpoints store are left out.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or tensors do not fit the configuration.</exception>
    public static StoredModel Open(string folder, ModelConfig config)
    {
        var model = new StoredModel(folder, config);
        bool isOpen = false;
        try
        {
            model.OpenFiles();
            isOpen = true;
            return model;
        }
        finally
        {
            if (!isOpen)
            {
                model.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Read(TensorPlace place, int firstRow, Span<float> rows)
    {
        var (file, entry) = _byName[place.Name];
        if (place.IsTransposed)
        {
            Turned(place, file, entry).AsSpan(firstRow * place.RowLength, rows.Length).CopyTo(rows);
            return;
        }

        file.Read(entry, firstRow * place.RowLength, rows);
        int fault = FirstNotFinite(rows);
        if (fault >= 0)
        {
            throw NotFinite(file, entry, rows[fault], (firstRow * (long)place.RowLength) + fault);
        }
    }

    /// <inheritdoc/>
    public StoredTensor? Find(TensorPlace place) => new(_byName[place.Name].File.Path, _byName[place.Name].Entry);

    /// <summary>Refuses a tied model that stores a head of other values than the embedding's; reads both.</summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    internal void ThrowUnlessTied()
    {
        string head = Config.Family.Names.Head;
        if (!Config.TiedEmbeddings || !_byName.TryGetValue(head, out var stored))
        {
            return;
        }

        var embedding = Places[0];
        float[] one = new float[CompareRows * embedding.RowLength], other = new float[one.Length];
        for (int row = 0; row < embedding.Rows; row += CompareRows)
        {
            int length = Math.Min(CompareRows, embedding.Rows - row) * embedding.RowLength;
            Read(embedding, row, one.AsSpan(0, length));
            stored.File.Read(stored.Entry, row * embedding.RowLength, other.AsSpan(0, length));
            if (!one.AsSpan(0, length).SequenceEqual(other.AsSpan(0, length)))
            {
                throw new InvalidDataException(
                    $"{Folder}: {head} differs from {embedding.Name}, expected equal values where tie_word_embeddings is true.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private void OpenFiles()
    {
        foreach (string path in ModelFolder.WeightFiles(Folder))
        {
            var file = SafetensorsFile.Open(path);
            _files.Add(file);
            foreach (var entry in file.Entries.Where(entry => !ModelLayout.IsBuffer(Config.Family, entry.Name)))
            {
                if (!_byName.TryAdd(ModelLayout.FullName(Config.Family, entry.Name), (file, entry)))
                {
                    throw new InvalidDataException($"{path}: tensor {entry.Name} appears twice, expected once.");
                }
            }
        }

        var shapes = _byName.ToDictionary(pair => pair.Key, pair => pair.Value.Entry.Shape, StringComparer.Ordinal);
        var names = Config.Family.Names;
        if (Config.TiedEmbeddings && shapes.TryGetValue(names.Head, out var head) && shapes.TryGetValue(Places[0].Name, out var table)
            && head.SequenceEqual(table))
        {
            shapes.Remove(names.Head); // some exporters store it too; ThrowUnlessTied compares it
        }

        try
        {
            ModelLayout.ThrowUnlessFitting(Config, shapes);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{Folder}: {fault.Message}", fault);
        }
    }

    private float[] Turned(TensorPlace place, SafetensorsFile file, SafetensorsEntry entry)
    {
        if (_turned.Name != place.Name)
        {
            float[] stored = new float[place.Length];
            file.Read(entry, 0, stored);
            int fault = FirstNotFinite(stored);
            _turned = fault < 0
                ? (place.Name, Transposition.Of(stored, place.Shape[1], place.Shape[0]))
                : throw NotFinite(file, entry, stored[fault], fault);
        }

        return _turned.Values;
    }

    /// <summary>The first number that is not finite; -1 if all are.</summary>
    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        var sum = Vector<float>.Zero;
        int index = 0;
        for (; index <= values.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            sum += new Vector<float>(values[index..]) * 0; // 0 times what is not finite is not a number
        }

        index = Vector.EqualsAll(sum, Vector<float>.Zero) ? index : 0;
        while (index < values.Length && float.IsFinite(values[index]))
        {
            index++;
        }

        return index < values.Length ? index : -1;
    }

    private static InvalidDataException NotFinite(SafetensorsFile file, SafetensorsEntry entry, float value, long index) => new(
        $"{file.Path}: number {index} of tensor {entry.Name} is {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}, expected finite numbers; the checkpoint is of no use.");
}
