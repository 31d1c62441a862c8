using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class SafetensorsTests
{
    [Fact]
    public void Values_and_shapes_survive_a_round_trip_and_the_order_of_tensors_does_not_matter()
    {
        using var folder = new ScratchFolder();
        var first = new WeightTensor("b", [2, 3], [1, -2, 3.5f, float.MaxValue, 0, 1e-40f]);
        var second = new WeightTensor("a", [1], [7]);
        SafetensorsWriter.Write(folder.File("x"), [first, second]);
        SafetensorsWriter.Write(folder.File("y"), [second, first]);

        Assert.Equal(File.ReadAllBytes(folder.File("x")), File.ReadAllBytes(folder.File("y")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.File("x")))), SafetensorsWriter.Sha256([first, second]));
        using var file = SafetensorsFile.Open(folder.File("x"));
        Assert.Equal(["a", "b"], file.Entries.Select(entry => entry.Name));
        Assert.All(file.Entries, entry => Assert.Equal(0, (entry.Begin - (entry.Name == "a" ? 0 : 4)) % 8));
        WeightTensor read = file.Read(file.Entries[1]);
        Assert.Equal([2, 3], read.Shape);
        Assert.Equal(first.Values, read.Values);
    }

    [Fact]
    public void Half_precision_formats_are_widened_exactly()
    {
        using var folder = new ScratchFolder();

        // BF16 0x3F80 = 1, 0xC0A0 = -5; F16 0x3C00 = 1, 0xC500 = -5, 0x0001 = 2^-24
        string header = """{"f":{"dtype":"F16","shape":[3],"data_offsets":[4,10]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""";
        byte[] data = [0x80, 0x3F, 0xA0, 0xC0, 0x00, 0x3C, 0x00, 0xC5, 0x01, 0x00];
        File.WriteAllBytes(folder.File("x"), Compose(header, data));

        using var file = SafetensorsFile.Open(folder.File("x"));
        Assert.Equal([1f, -5f], file.Read(file.Entries[0]).Values);
        Assert.Equal([1f, -5f, 1f / (1 << 24)], file.Read(file.Entries[1]).Values);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "not readable JSON")]
    [InlineData("""[1]""", "the header is Array, expected an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "tensor a appears twice")]
    [InlineData("""{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", "dtype is I64, expected F32, F16 or BF16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "span 8 bytes, expected 12 (F32 [3])")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", "shape holds -1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,8]}}""", "expected at most 2147483647 values")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "data_offsets are [8,0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "data_offsets are [-8,0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "tensor b overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor a leaves a gap")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "begin at 2, expected a multiple of 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "is the file truncated?")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "(the end of the last tensor)")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "expected an object with dtype, shape and data_offsets")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not readable JSON")]
    public void Header_that_does_not_describe_the_data_is_refused(string header, string message)
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder.File("x"), Compose(header, new byte[8]));
        var fault = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(folder.File("x")).Dispose());
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder.File("x"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Giant_header_length_is_refused_before_memory_is_taken()
    {
        using var folder = new ScratchFolder();
        byte[] bytes = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        File.WriteAllBytes(folder.File("x"), bytes);
        var fault = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(folder.File("x")).Dispose());
        Assert.Contains("header's length is 18446744073709551615, expected 2 to 24", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flipped_bytes_and_cut_files_only_ever_give_InvalidDataException()
    {
        using var folder = new ScratchFolder();
        SafetensorsWriter.Write(folder.File("whole"), TestModels.Random(TestModels.Config()).Tensors.Take(4));
        byte[] whole = File.ReadAllBytes(folder.File("whole"));
        int headerEnd = 8 + BinaryPrimitives.ReadInt32LittleEndian(whole);
        RandomSequence random = RandomStream.Of(3, RandomPurpose.Problems).Sequence();
        int refused = 0;
        for (int trial = 0; trial < 1500; trial++)
        {
            byte[] damaged = [.. whole];
            for (int flips = random.Below(4); flips >= 0; flips--)
            {
                damaged[random.Below(headerEnd)] ^= (byte)(1 + random.Below(255));
            }

            int length = random.Chance(0.3) ? random.Below(whole.Length) : whole.Length;
            File.WriteAllBytes(folder.File("damaged"), damaged[..length]);
            refused += Reads(folder.File("damaged")) ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 1500);
    }

    private static bool Reads(string path)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            foreach (SafetensorsEntry entry in file.Entries)
            {
                file.Read(entry);
            }

            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Compose(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
