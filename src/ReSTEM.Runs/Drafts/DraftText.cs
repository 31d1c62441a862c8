using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Writes a first configuration, every choice with its reason.</summary>
public static class DraftText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The configuration in YAML.</summary>
    /// <param name="draft">What it is made of.</param>
    /// <param name="file">How it will be called, for the commands in its head.</param>
    /// <exception cref="InvalidDataException">A prompt cannot be encoded for the model.</exception>
    public static string Write(ConfigDraft draft, string file)
    {
        DraftSizes sizes = DraftSizes.Of(draft);
        var text = new StringBuilder();
        if (draft.Schema.Length > 0)
        {
            text.Append(Invariant($"# yaml-language-server: $schema={draft.Schema}\n"));
        }

        text.Append(Invariant($"""
            # Self-training on problems of {ConfigNames.Of(draft.Kind.ToString())}. Every key is explained in docs/configuration.md; what is not said here has its default.
            #
            #   restem check {file}     everything that can be known before the run
            #   restem run {file}       the run; the same command resumes it
            name: {Quoted(draft.Name)}
            seed: 1
            base: {Quoted(Relative(draft, draft.Base))}     # {draft.Model.Description}, {draft.Model.ParameterCount:N0} parameters, a context of {draft.Model.ContextLength} tokens
            iterations: 3

            prompt:
              format: {(draft.Chat ? "chat           # the model has a chat template; completion goes on with the text as it stands" : "completion     # the model goes on with the text; chat is for models with a chat template")}
              template: {Quoted(draft.UsedTemplate)}

            problems:
              on_long_prompt: skip      # a prompt that leaves no room in the context is left out, and that is said; error refuses the run
              train:

            """));
        Source(text, draft, draft.Train, "    ");
        text.Append("  validation:               # chooses epochs and the best iteration\n");
        Held(text, draft, draft.Validation, "    ");
        Steps(text, draft, sizes);
        Evaluation(text, draft, sizes);
        if (draft.Kind is TaskKind.Math)
        {
            text.Append(Invariant($"""

                verifier:
                  last_number: {(draft.Chat ? "false       # the answer must be marked or stated, as the template asks; true also takes a number that stands alone in the last sentence" : "true        # a number that stands alone in the last sentence counts as the answer; false where a model marks or states it")}

                """));
        }

        return text.ToString();
    }

    private static void Steps(StringBuilder text, ConfigDraft draft, DraftSizes sizes)
    {
        string stop = draft.Stop.Length > 0 ? $", stop: [{Quoted(draft.Stop)}]" : "";
        text.Append(Invariant($$"""

            e_step:
              samples: {{sizes.Samples}}               # completions per problem and iteration: the cost of a run is mostly this
              sampling: {temperature: 0.7, top_k: 40, max_tokens: {{sizes.MaxTokens}}{{stop}}}     # the longest prompt has {{sizes.LongestPrompt}} tokens
              keep_limit: 10            # correct completions kept per problem

            m_step:
              epochs: 3
              patience: {{(sizes.Patience ? "1               # ends when the validation reward has not risen for an epoch" : "0               # the validation is too small to stop by; the best epoch is kept all the same")}}

            """));
        text.Append(sizes.Adapter
            ? "  adapter: {rank: 16}       # a low-rank adapter: the whole model is large; leave it out to train all weights\n"
            : "");
        text.Append(Invariant($$"""
              optimizer:
                learning_rate: {{sizes.LearningRate}}
                warm_up_ratio: 0.1
                batch_sequences: 16
                recompute_activations: {{(sizes.Recompute ? "true    # less memory for a third more time" : "false")}}

            validation:
              samples: 4
              sampling: {temperature: 0.7, top_k: 40, max_tokens: {{sizes.MaxTokens}}{{stop}}}

            """));
    }

    private static void Evaluation(StringBuilder text, ConfigDraft draft, DraftSizes sizes)
    {
        string stop = draft.Stop.Length > 0 ? $", stop: [{Quoted(draft.Stop)}]" : "";
        text.Append("\nevaluations:\n  test:                     # measured, never trained on\n    problems:\n");
        Held(text, draft, draft.Test, "      ");
        text.Append(Invariant($$"""
                measure:
                  samples: 8
                  k: [1, 8]
                  sampling: {temperature: 0.7, top_k: 40, max_tokens: {{sizes.MaxTokens}}{{stop}}}

            """));
    }

    private static void Held(StringBuilder text, ConfigDraft draft, IReadOnlyList<DataLook> files, string indent)
    {
        if (files.Count > 0)
        {
            Source(text, draft, files, indent);
            return;
        }

        text.Append(Invariant($"{indent}share: {draft.Share}              # of the training problems, drawn with the seed; these are not trained on\n"));
    }

    /// <summary>What holds for all files is said once, what does not with each.</summary>
    private static void Source(StringBuilder text, ConfigDraft draft, IReadOnlyList<DataLook> files, string indent)
    {
        bool alike = files.All(file => file.Task == files[0].Task && file.Fields == files[0].Fields);
        if (alike)
        {
            text.Append(Invariant($"{indent}files: [{string.Join(", ", files.Select(file => Quoted(Relative(draft, file.Path))))}]\n"));
            foreach (string line in Said(files[0]))
            {
                text.Append(indent).Append(line).Append('\n');
            }

            return;
        }

        text.Append(indent).Append("files:\n");
        foreach (DataLook file in files)
        {
            text.Append(Invariant($"{indent}  - path: {Quoted(Relative(draft, file.Path))}\n"));
            foreach (string line in Said(file))
            {
                text.Append(indent).Append("    ").Append(line).Append('\n');
            }
        }
    }

    private static IEnumerable<string> Said(DataLook file)
    {
        if (file.Task is { } task)
        {
            yield return $"task: {ConfigNames.Of(task.ToString())}";
        }

        if (file.Fields is { } fields)
        {
            var named = ConfigNames.Keys(typeof(FieldNames)).Where(key => key.Get(fields) is not null);
            yield return $"fields: {{{string.Join(", ", named.Select(key => $"{key.Name}: {Quoted((string)key.Get(fields)!)}"))}}}";
        }
    }

    private static string Relative(ConfigDraft draft, string path) => Path.GetRelativePath(draft.Home, Path.GetFullPath(path)).Replace('\\', '/');

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Readable);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
