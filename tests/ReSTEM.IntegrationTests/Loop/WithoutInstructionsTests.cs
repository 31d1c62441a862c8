using System.Security.Cryptography;

namespace ReSTEM.IntegrationTests;

/// <summary>A small training and what its model says, on a processor that is told to have fewer instructions: slower, with the same bits.</summary>
public sealed class WithoutInstructionsTests
{
    private const string Stage = """
        model: {model_dim: 32, layers: 1, heads: 2, feed_forward_dim: 48, context_length: 256}
        tokenizer: {vocabulary_size: 320, documents: 200}
        stages:
          - corpus:
              name: only
              tokens: 1500
              mix: {drills: 0.5, easy: 0.5, arithmetic: 0.5, word: 0.5, careful: 0.6, slip: 0.2, code_right: 0.5}
            optimizer: {learning_rate: 1e-3, batch_sequences: 8}
        """;

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public async Task Training_and_sampling_have_the_same_bits_without(string dtype)
    {
        string[] results = await Task.WhenAll(
            from without in new[] { "", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic" }
            select Task.Run(() => Train(dtype, without)));
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    /// <summary>The SHA-256 of the weights, and the samples.</summary>
    private static string Train(string dtype, string without)
    {
        using var restem = new Restem();
        File.WriteAllText(restem.PathOf("train.yaml"), $"name: small\nengine: {{dtype: {dtype}, threads: 1}}\n{Stage}\n");
        Done("train", "train.yaml");
        string model = restem.PathOf("runs", "small", "model");
        File.WriteAllText(restem.PathOf("prompts.jsonl"), """{"ids": [65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82]}""");
        Done("sample", "--model", model, "--input", "prompts.jsonl", "--output", "samples.jsonl", "--samples", "4", "--max-tokens", "24", "--dtype", dtype);
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(model, "model.safetensors"))))
            + "\n" + File.ReadAllText(restem.PathOf("samples.jsonl"));

        void Done(params string[] arguments)
        {
            var (exitCode, _, errors) = restem.Run(without.Length == 0 ? [] : [(without, "0")], arguments);
            Assert.True(exitCode == 0, errors);
        }
    }
}
