using System.Collections.Frozen;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>An adapter on disk in the layout of PEFT: adapter_config.json and adapter_model.safetensors.</summary>
/// <remarks>
/// Files that are written here name the SHA-256 of the base model's weights in the header of the safetensors file; other programs
/// read over it.
/// </remarks>
public static class AdapterFolder
{
    /// <summary>Name of the configuration, by which an adapter's folder is told from a model's.</summary>
    public const string ConfigName = "adapter_config.json";

    private const string WeightsName = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.";
    private const string BaseKey = "base_sha256";
    private const int MaxRank = 4096;
    private const double MaxAlpha = 1e6;

    /// <summary>Keys that say how an adapter was made or how PEFT loads it; others are honoured or refused.</summary>
    private static readonly FrozenSet<string> HarmlessKeys = FrozenSet.Create(
        "inference_mode", "lora_dropout", "init_lora_weights", "revision", "auto_mapping", "peft_version", "fan_in_fan_out", "megatron_config",
        "megatron_core", "loftq_config", "eva_config", "corda_config", "runtime_config", "qalora_group_size", "arrow_config",
        "ensure_weight_tying");

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Whether a folder holds an adapter and no model.</summary>
    public static bool IsAdapter(string folder) => File.Exists(Path.Combine(folder, ConfigName)) && !File.Exists(Path.Combine(folder, "config.json"));

    /// <summary>Lower-case hexadecimal SHA-256 of the weights file's SHA-256 and the factor that the configuration puts on it.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static string Sha256(string folder)
    {
        string path = Path.Combine(folder, WeightsName);
        ThrowUnlessThere(path);
        return Combined(ContentDigest.OfFile(path), ReadConfig(folder));
    }

    /// <summary>The SHA-256 of the base weights that an adapter was trained on; null where its file does not say.</summary>
    /// <exception cref="InvalidDataException">The file is missing or damaged.</exception>
    public static string? BaseSha256(string folder)
    {
        ThrowUnlessThere(Path.Combine(folder, WeightsName));
        using var file = SafetensorsFile.Open(Path.Combine(folder, WeightsName));
        return file.Metadata.GetValueOrDefault(BaseKey);
    }

    /// <summary>What the configuration states.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or asks for what is not computed; the message names every such key.</exception>
    public static AdapterConfig ReadConfig(string folder) => ModelConfigReader.ReadObject(Path.Combine(folder, ConfigName), Parse);

    /// <summary>The folder of the base model.</summary>
    /// <exception cref="InvalidDataException">The configuration names no folder that is there.</exception>
    public static string BaseFolder(string folder)
    {
        string named = ReadConfig(folder).BaseModel;
        string model = Path.Combine(folder, named);
        return named.Length > 0 && Directory.Exists(model) ? model : throw new InvalidDataException(
            $"{Path.Combine(folder, ConfigName)}: base_model_name_or_path is '{named}', expected the base model's folder; write its path there.");
    }

    /// <summary>Copies an adapter as a new folder, whole or not at all.</summary>
    /// <param name="source">An adapter's folder.</param>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <exception cref="InvalidDataException">A file is missing or damaged.</exception>
    public static void Copy(string source, string folder)
    {
        ReadConfig(source);
        ThrowUnlessThere(Path.Combine(source, WeightsName));
        ThrowUnlessFinite(Path.Combine(source, WeightsName));
        NewFolder.Write(folder, partial =>
        {
            foreach (string name in (string[])[ConfigName, WeightsName])
            {
                File.Copy(Path.Combine(source, name), Path.Combine(partial, name));
            }

            return partial;
        });
    }

    /// <summary>Reads an adapter for a model.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, or tensors do not fit the model.</exception>
    public static Adapter Read(string folder, ModelConfig model)
    {
        var config = ReadConfig(folder);
        ThrowUnlessThere(Path.Combine(folder, WeightsName));
        using var file = SafetensorsFile.Open(Path.Combine(folder, WeightsName));
        var entries = file.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var adapter = Empty(folder, config, model);
        foreach (var module in adapter.Modules)
        {
            Take(file, entries, NameOf(module.Place, "A"), module.Down, [config.Rank, module.Place.RowLength]);
            Take(file, entries, NameOf(module.Place, "B"), module.Up, [module.Place.Rows, config.Rank]);
        }

        return entries.Count == 0 ? adapter : throw new InvalidDataException(
            $"{file.Path}: {entries.Keys.Order(StringComparer.Ordinal).First()} is one of {entries.Count} tensor(s) that no target module of the model takes.");
    }

    /// <summary>Writes an adapter as a new folder, whole or not at all.</summary>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <param name="adapter">What to write.</param>
    /// <param name="baseFolder">Where the base model is; its path goes into the configuration.</param>
    /// <param name="baseSha256">SHA-256 of the base model's weights.</param>
    /// <returns>As <see cref="Sha256(string)"/> gives it.</returns>
    public static string Save(string folder, Adapter adapter, string baseFolder, string baseSha256) =>
        NewFolder.Write(folder, partial =>
        {
            WriteConfig(Path.Combine(partial, ConfigName), adapter, Path.GetFullPath(baseFolder));
            SafetensorsWriter.Write(Path.Combine(partial, WeightsName), Tensors(adapter), Metadata(baseSha256));
            return Sha256(partial);
        });

    /// <summary>The SHA-256 that <see cref="Save"/> would give.</summary>
    public static string Sha256(Adapter adapter, string baseSha256) =>
        Combined(SafetensorsWriter.Sha256(Tensors(adapter), Metadata(baseSha256)), adapter.Config);

    private static string Combined(string weights, AdapterConfig config)
    {
        using var digest = new ContentDigest();
        digest.Add(weights);
        digest.Add(BitConverter.SingleToInt32Bits(config.Scale));
        return digest.Finish();
    }

    private static Dictionary<string, string> Metadata(string baseSha256) => new() { [BaseKey] = baseSha256 };

    private static IEnumerable<WeightTensor> Tensors(Adapter adapter) => adapter.Modules.SelectMany(module => new[]
    {
        new WeightTensor(NameOf(module.Place, "A"), [module.Rank, module.Place.RowLength], module.Down),
        new WeightTensor(NameOf(module.Place, "B"), [module.Place.Rows, module.Rank], module.Up),
    });

    private static string NameOf(TensorPlace place, string factor) => $"{Prefix}{AdapterTargets.ModuleOf(place)}.lora_{factor}.weight";

    private static void ThrowUnlessThere(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException(
                $"{path} is missing, expected it beside {ConfigName}. An adapter_model.bin is a pickle, which can run code when it is read: save it again with PEFT.");
        }
    }

    private static Adapter Empty(string folder, AdapterConfig config, ModelConfig model)
    {
        try
        {
            return Adapter.Create(config, model, static (_, _) => { });
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{Path.Combine(folder, ConfigName)}: {fault.Message.ReplaceLineEndings(" ")}", fault);
        }
    }

    private static void Take(
        SafetensorsFile file, Dictionary<string, SafetensorsEntry> entries, string name, float[] values, IReadOnlyList<int> shape)
    {
        if (!entries.Remove(name, out var entry) || !entry.Shape.SequenceEqual(shape))
        {
            string actual = entry is null ? "missing" : $"[{string.Join(", ", entry.Shape)}]";
            throw new InvalidDataException(
                $"{file.Path}: {name} is {actual}, expected [{string.Join(", ", shape)}]; is the adapter for another model?");
        }

        file.Read(entry, 0, values);
        ThrowUnlessFinite(file.Path, name, values);
    }

    private static void ThrowUnlessFinite(string path)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (SafetensorsEntry entry in file.Entries)
        {
            ThrowUnlessFinite(path, entry.Name, file.Read(entry).Values);
        }
    }

    private static void ThrowUnlessFinite(string path, string name, float[] values)
    {
        if (Array.Exists(values, static value => !float.IsFinite(value)))
        {
            throw new InvalidDataException($"{path}: {name} has a number that is not finite, expected finite ones; the adapter is of no use.");
        }
    }

    private static AdapterConfig Parse(ConfigJson json)
    {
        if (json.Text("peft_type", "missing") is var type and not "LORA")
        {
            json.Fault("peft_type", type, "LORA");
        }

        foreach (string key in (ReadOnlySpan<string>)["use_dora", "lora_bias", "use_qalora"])
        {
            if (json.Flag(key, false))
            {
                json.Fault(key, "true", "false");
            }
        }

        if (json.Text("bias", "none") is var bias and not "none")
        {
            json.Fault("bias", bias, "none");
        }

        foreach (string key in (ReadOnlySpan<string>)["modules_to_save", "rank_pattern", "alpha_pattern", "target_parameters", "trainable_token_indices",
            "layers_to_transform", "layers_pattern", "layer_replication", "exclude_modules"])
        {
            if (json.Present(key) is { } value && value.GetRawText().Trim('[', ']', '{', '}', ' ', '\n').Length > 0)
            {
                json.Fault(key, ConfigJson.Shown(value), "null or empty");
            }
        }

        if (json.Text("task_type", "CAUSAL_LM") is var task and not "CAUSAL_LM")
        {
            json.Fault("task_type", task, "CAUSAL_LM");
        }

        int rank = json.Integer("r", 1, MaxRank);
        double alpha = json.Positive("lora_alpha", 8, MaxAlpha);
        double scale = json.Flag("use_rslora", false) ? alpha / Math.Sqrt(rank) : alpha / rank;
        string[] targets = json.Present("target_modules") is { ValueKind: JsonValueKind.String } one
            ? [one.GetString()!]
            : json.Texts("target_modules") ?? [AdapterOptions.AllLinear];
        string baseModel = json.Text("base_model_name_or_path", "");
        json.RefuseOthers(HarmlessKeys.Contains);
        return new AdapterConfig
        {
            Rank = rank,
            Alpha = alpha,
            Scale = (float)scale,
            TargetModules = targets,
            BaseModel = baseModel,
        };
    }

    private static void WriteConfig(string path, Adapter adapter, string baseFolder) => AtomicFile.Write(path, stream =>
    {
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", "LORA");
            json.WriteString("task_type", "CAUSAL_LM");
            json.WriteString("base_model_name_or_path", baseFolder);
            json.WriteNumber("r", adapter.Config.Rank);
            json.WriteNumber("lora_alpha", adapter.Config.Alpha);
            json.WriteNumber("lora_dropout", 0.0);
            json.WriteString("bias", "none");
            json.WriteBoolean("fan_in_fan_out", adapter.Modules.Any(static module => module.Place.IsTransposed));
            json.WriteBoolean("inference_mode", true);
            json.WriteBoolean("use_rslora", false);
            json.WriteBoolean("use_dora", false);
            json.WriteStartArray("target_modules");
            foreach (string name in adapter.Modules.Select(module => AdapterTargets.ModuleOf(module.Place).Split('.')[^1]).Distinct().Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteNull("modules_to_save");
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    });
}
