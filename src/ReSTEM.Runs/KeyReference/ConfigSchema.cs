using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The JSON schema of configurations, by which editors complete, explain and check keys.</summary>
/// <remarks>JSON Schema draft 2020-12, in the subset that YAML language servers have.</remarks>
internal sealed class ConfigSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly XmlComments _comments = XmlComments.Of(typeof(RunConfig).Assembly, typeof(OptimizerOptions).Assembly);
    private readonly SortedDictionary<string, JsonObject> _records = new(StringComparer.Ordinal);

    private ConfigSchema()
    {
    }

    /// <summary>The schema of all kinds of configurations, told apart by their keys.</summary>
    /// <exception cref="FileNotFoundException">An assembly has no file of comments beside it.</exception>
    internal static string Write()
    {
        var schema = new ConfigSchema();
        JsonObject root = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Configuration of ReSTEM",
            ["if"] = Has(ConfigLayers.Key),
            ["then"] = new JsonObject { ["anyOf"] = new JsonArray(schema.Reference(typeof(RunConfig), over: true), schema.Reference(typeof(TrainConfig), over: true), schema.Reference(typeof(SynthConfig), over: true), schema.Reference(typeof(CompareDataConfig), over: true)) },
            ["else"] = new JsonObject
            {
                ["if"] = Has("stages"),
                ["then"] = schema.Reference(typeof(TrainConfig)),
                ["else"] = new JsonObject
                {
                    ["if"] = Has("overlays"),
                    ["then"] = schema.Reference(typeof(SweepConfig)),
                    ["else"] = new JsonObject
                    {
                        ["if"] = Has("data_prompt"),
                        ["then"] = schema.Reference(typeof(SynthConfig)),
                        ["else"] = new JsonObject { ["if"] = Has("data"), ["then"] = schema.Reference(typeof(CompareDataConfig)), ["else"] = schema.Reference(typeof(RunConfig)) },
                    },
                },
            },
        };
        root["$defs"] = new JsonObject(schema._records.Select(record => KeyValuePair.Create(record.Key, (JsonNode?)record.Value)));
        return root.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Has(string key) => new() { ["required"] = new JsonArray(key) };

    /// <summary>What extends a configuration is one in which nothing is required, and which takes keys away by leaving their values empty.</summary>
    private static JsonNode Emptiable(JsonObject value) =>
        new JsonObject { ["anyOf"] = new JsonArray(value, new JsonObject { ["type"] = "null" }) };

    private JsonObject Reference(Type type, bool over = false)
    {
        string name = type.Name + (over ? "Overlay" : "");
        if (!_records.ContainsKey(name))
        {
            JsonObject properties = [];
            JsonObject record = new()
            {
                ["type"] = "object",
                ["description"] = _comments.Of(type),
                ["additionalProperties"] = false,
                ["properties"] = properties,
            };
            _records.Add(name, record);
            if (over && (type == typeof(RunConfig) || type == typeof(TrainConfig) || type == typeof(SynthConfig) || type == typeof(CompareDataConfig)))
            {
                JsonObject path = new() { ["type"] = "string" };
                properties[ConfigLayers.Key] = new JsonObject
                {
                    ["anyOf"] = new JsonArray(path, new JsonObject { ["type"] = "array", ["items"] = path.DeepClone() }),
                    ["description"] = "The configuration, or configurations, that this one changes.",
                };
            }

            foreach (ConfigKey key in ConfigNames.Keys(type))
            {
                properties[key.Name] = over ? Emptiable(Property(key.Property, over)) : Property(key.Property, over);
            }

            JsonArray required = [.. ConfigNames.Keys(type).Where(key => ValueText.IsRequired(key.Property)).Select(key => JsonValue.Create(key.Name))];
            if (required.Count > 0 && !over)
            {
                record["required"] = required;
            }
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private JsonObject Property(PropertyInfo property, bool over)
    {
        Type type = property.PropertyType;
        JsonObject one = One(property, KeyTree.ElementOf(type), over);
        JsonObject schema = KeyTree.IsList(type) ? new JsonObject
        {
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "array", ["items"] = one }, one.DeepClone()), // one item may stand without a list
        }
        : KeyTree.IsMap(type) ? new JsonObject { ["type"] = "object", ["additionalProperties"] = over ? Emptiable(one) : one }
        : one;
        schema["description"] = _comments.Of(property);
        return schema;
    }

    private JsonObject One(PropertyInfo property, Type type, bool over)
    {
        if (KeyTree.RecordOf(type) is { } record)
        {
            JsonObject reference = Reference(record, over);
            return record.GetCustomAttribute<ShortFormAttribute>() is null
                ? reference
                : new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, reference) };
        }

        JsonObject schema = new() { ["type"] = TypeName(type) };
        if (type.IsEnum)
        {
            schema["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(ConfigNames.OfMember(type, name)))]);
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range && type != typeof(string))
        {
            schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Number(range.Minimum);
            schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Number(range.Maximum);
        }

        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
        {
            schema["pattern"] = $"^(?:{pattern.Pattern})$";
        }

        return schema;
    }

    private static JsonValue Number(object value) => value is int whole ? JsonValue.Create(whole) : JsonValue.Create((double)value);

    private static string TypeName(Type type) => type == typeof(bool) ? "boolean"
        : type == typeof(string) || type.IsEnum ? "string"
        : type == typeof(float) || type == typeof(double) ? "number"
        : "integer";
}
