using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The page that says of every key of every configuration what it takes, what it is without it, and what it means.</summary>
internal sealed class ReferencePage
{
    private readonly XmlComments _comments = XmlComments.Of(typeof(RunConfig).Assembly, typeof(OptimizerOptions).Assembly);
    private readonly Dictionary<(Type Type, string Defaults), string> _written = [];
    private readonly StringBuilder _text = new();

    private ReferencePage()
    {
    }

    /// <summary>The page in Markdown.</summary>
    /// <exception cref="FileNotFoundException">An assembly has no file of comments beside it.</exception>
    internal static string Write()
    {
        var page = new ReferencePage();
        page._text.Append(
            """
            # Every key of a configuration

            This page is made from the records that configurations are read into; a test holds it current (`RESTEM_WRITE_DOCS=1 ./restem test` writes it anew).
            A configuration is YAML. Relative paths begin at its folder. A key that is not here is refused with the one that was meant, also when it is
            named as TRL, verl or transformers have it. `--set key.path=value` says a key on the command line. `restem init` writes a first configuration,
            `restem check` tells all that can be known before a run, and `config.schema.json` beside this page lets an editor complete and check keys.

            - [`restem run`: the self-training loop](#restem-run)
            - [`restem train`: one training](#restem-train)
            - [`restem sweep`: several runs, compared](#restem-sweep)
            - [`restem synth`: labelled texts](#restem-synth)
            - [`restem compare-data`: one classifier on real and on synthetic texts](#restem-compare-data)

            `extends: FILE`, or a list of files, makes a configuration of one that is there: what it says itself is laid over the other, key by key; lists
            and values are replaced, an empty value takes a key away, and paths begin at the file that says them. [sweeps.md](sweeps.md) has the rules.

            `NAME` stands for a name of your own, `N` for the number of an item, from 0. A key whose default is `none` is absent without it.
            Keys marked *speed* change no result: a run may go on with other values. So may it with other paths, as long as the same lies there.

            """);
        page.Root("restem run", typeof(RunConfig));
        page.Root("restem train", typeof(TrainConfig));
        page.Root("restem sweep", typeof(SweepConfig));
        page.Root("restem synth", typeof(SynthConfig));
        page.Root("restem compare-data", typeof(CompareDataConfig));
        return page._text.ToString();
    }

    private void Root(string verb, Type type)
    {
        _text.Append('\n').Append("## ").Append(verb).Append("\n\n");
        Line(_comments.Of(type));
        _written.Clear();
        Group(type, "", Defaults(type));
    }

    private void Group(Type type, string path, object record)
    {
        ConfigKey[] keys = [.. ConfigNames.Keys(type)];
        _text.Append("| key | takes | default | meaning |\n|---|---|---|---|\n");
        foreach (ConfigKey key in keys)
        {
            Row(path + key.Name, key, record);
        }

        foreach (ConfigKey key in keys)
        {
            if (KeyTree.RecordOf(key.Property.PropertyType) is { } inner)
            {
                Section(inner, $"{path}{key.Name}{KeyTree.PartOf(key.Property.PropertyType)}", key.Get(record) is { } value && value.GetType() == inner ? value : Defaults(inner));
            }
        }
    }

    private void Section(Type type, string path, object record)
    {
        _text.Append("\n### `").Append(path).Append("`\n\n");
        if (!_written.TryAdd((type, ConfigWriter.Write(record)), path))
        {
            string first = _written[(type, ConfigWriter.Write(record))];
            Line($"{_comments.Of(type)} The same keys as [`{first}`](#{Anchor(first)}), with the same defaults.");
            return;
        }

        Line(_comments.Of(type));
        Group(type, path + ".", record);
    }

    private void Row(string path, ConfigKey key, object record)
    {
        Type type = key.Property.PropertyType;
        string deflt = KeyTree.RecordOf(type) is null || ValueText.IsRequired(key.Property) || key.Get(record) is null or System.Collections.IEnumerable
            ? ValueText.DefaultOf(key, record)
            : $"[its keys](#{Anchor(path)})";
        string speed = typeof(IChangesSpeedOnly).IsAssignableFrom(key.Property.DeclaringType) ? " *Speed.*" : "";
        _text.Append("| `").Append(path).Append("` | ").Append(ValueText.TypeOf(key.Property)).Append(" | ").Append(Code(deflt)).Append(" | ")
            .Append(Cell(_comments.Of(key.Property))).Append(Cell(Members(KeyTree.ElementOf(type)))).Append(speed).Append(" |\n");
    }

    private string Members(Type type) => !type.IsEnum ? "" : string.Concat(
        ValueText.Members(type).Select(name => $" `{ConfigNames.OfMember(type, name)}`: {_comments.Of(type, name)}"));

    private void Line(string text) => _text.Append(text).Append("\n\n");

    private static string Code(string text) => text is "required" or "none" || text[0] is '[' && text[^1] is ')' ? text : $"`{text}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Anchor(string path) => path.ToLowerInvariant().Replace(".", "", StringComparison.Ordinal);

    /// <summary>A record as a configuration without any key makes it.</summary>
    internal static object Defaults(Type type)
    {
        object record = RuntimeHelpers.GetUninitializedObject(type);
        type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, [])!.Invoke(record, null);
        return record;
    }
}
