using System.Text;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>What lies where a model was expected is named, with what to do about it.</summary>
public sealed class FoundInsteadTests : IDisposable
{
    private const string LfsPointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("model.gguf", "GGUF", "model.gguf is a GGUF file: take the safetensors checkpoint from which it was made.")]
    [InlineData("pytorch_model.bin", "x", "pytorch_model.bin is a pickle, which can run code when it is read")]
    [InlineData("adapter_config.json", "{}", "The folder is an adapter: name the base model's folder.")]
    [InlineData("params.json", "{}", "It is a checkpoint in Meta's own form (params.json)")]
    [InlineData("run.db", "", "It is a run folder; the models of a run are in its folder iterations")]
    [InlineData("notes.txt", "", "It holds notes.txt.")]
    [InlineData("snapshots/abc/config.json", "{}", "There is a model in ")]
    [InlineData("flax_model.msgpack", "", "flax_model.msgpack holds the weights for another framework")]
    public void A_folder_without_a_model_says_what_is_in_it(string file, string content, string message)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scratch.File(file))!);
        File.WriteAllText(_scratch.File(file), content);
        string told = Assert.Throws<InvalidDataException>(() => ModelDescription.Of(_scratch.Path)).Message;
        Assert.Contains("config.json is missing, expected a Hugging Face model folder. ", told, StringComparison.Ordinal);
        Assert.Contains(message, told, StringComparison.Ordinal);
    }

    [Fact]
    public void No_folder_an_empty_one_and_a_file_are_told()
    {
        Assert.Contains("There is no folder ", Told(_scratch.File("none")), StringComparison.Ordinal);
        Assert.Contains("The folder holds no files.", Told(_scratch.Path), StringComparison.Ordinal);
        File.WriteAllText(_scratch.File("a.gguf"), "GGUF....");
        Assert.Contains("It is a file: a GGUF file of llama.cpp", Told(_scratch.File("a.gguf")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LfsPointer, "config.json is not readable JSON: it is a Git LFS pointer")]
    [InlineData("", "config.json is not readable JSON: it is empty.")]
    [InlineData("{\"a\": 1,\n\"b\": [1", "config.json is not readable JSON: it ends before it is complete, at line 2.")]
    [InlineData("{\"a\": 1,\n x}", "config.json is not readable JSON: byte 2 of line 2 cannot stand there.")]
    [InlineData("<html>Sign in</html>", "config.json is not readable JSON: it is a web page")]
    public void A_configuration_that_is_no_json_is_told_in_our_own_words(string content, string message)
    {
        File.WriteAllText(_scratch.File("config.json"), content);
        string told = Told(_scratch.Path);
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("isFinalBlock", told, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LfsPointer, "model.safetensors is a Git LFS pointer, which stands for a file that was not fetched (git lfs pull fetches it), expected a safetensors file.")]
    [InlineData("PK\u0003\u0004 and so on", "model.safetensors is a zip archive, or what is stored as one: a PyTorch checkpoint")]
    [InlineData("GGUF and so on", "model.safetensors is a GGUF file of llama.cpp")]
    public void Weights_of_another_kind_are_told(string content, string message)
    {
        File.WriteAllText(_scratch.File("model.safetensors"), content);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(_scratch.File("model.safetensors"))).Message, StringComparison.Ordinal);
    }

    /// <summary>A header of 35,615 bytes begins with the bytes of gzip: 0x8B1F.</summary>
    [Fact]
    public void A_length_that_looks_like_another_mark_is_a_length()
    {
        Assert.Equal(FileSignature.Safetensors, FileSignature.Of([0x1F, 0x8B, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']));
        Assert.Null(FileSignature.Of(Encoding.UTF8.GetBytes("{\"prompt\": \"GGUF\"}")));
    }

    private static string Told(string folder) => Assert.Throws<InvalidDataException>(() => ModelDescription.Of(folder)).Message;
}
