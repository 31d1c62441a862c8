using System.Text;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Whatever stands in a configuration file, reading it ends with a configuration or a <see cref="ConfigException"/>.</summary>
public sealed class ConfigFuzzTests
{
    private const int Rounds = 1000;

    private const string Seed = """
        # a comment
        name: small
        seed: 7
        base: "models/tiny"
        problems:
          train: &t
            files: [train.jsonl, 'more.jsonl.gz']
          validation: *t
        e_step:
          samples: 8
          sampling: {temperature: 0.7, top_k: 40, stop: ["\n\n"]}
        m_step:
          optimizer:
            learning_rate: 3e-4
        evaluations:
          test:
            problems: {generate: {kinds: [arithmetic, word], split: test, count: 400}}
            measure: {k: [1, 8], at: ends}
        prompt:
          separator: |
            on its own lines
        """;

    private static readonly string[] Pieces =
    [
        ":", ": ", "-", "- ", "[", "]", "{", "}", ",", "#", "&a ", "*a", "*t", "!", "!!int ", "|", ">", "'", "\"", "\\", "%", "@", "`", "\n", "\r\n", "\t", "  ",
        "? ", "<<: *t", "---\n", "...\n", "null", "~", "\0", "\ufeff", "\u2028", "\ud800", "0x10", ".inf", "1e999", "true", "&t &t ", "name:", "e_step:", "\u0085",
    ];

    [Fact]
    public void Damaged_files_are_refused_and_nothing_else_happens()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.File("fuzz.yaml");
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string text = Damaged(RandomStream.Of(2026, RandomPurpose.Problems).At(0, "fuzz", round).Sequence());
            File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text)); // half surrogate pairs become replacement characters
            try
            {
                ConfigFile.Read<RunConfig>(path, [], (_, _) => { });
            }
            catch (ConfigException fault)
            {
                refused++;
                Assert.NotEmpty(fault.Issues);
            }
            catch (Exception fault)
            {
                Assert.Fail($"round {round}: {fault.GetType().Name}: {fault.Message}\n{text}");
            }
        }

        Assert.InRange(refused, Rounds / 2, Rounds - 1);
    }

    private static string Damaged(RandomSequence random)
    {
        var text = new StringBuilder(Seed);
        int edits = random.Between(1, 4);
        for (int edit = 0; edit < edits; edit++)
        {
            int at = random.Below(text.Length);
            switch (random.Below(4))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Between(1, 12), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, random.Pick(Pieces));
                    break;
                case 2:
                    string copied = text.ToString(at, Math.Min(random.Between(1, 30), text.Length - at));
                    text.Insert(random.Below(text.Length), copied);
                    break;
                default:
                    text[at] = (char)random.Between(0, 0x17f);
                    break;
            }
        }

        return text.ToString();
    }
}
