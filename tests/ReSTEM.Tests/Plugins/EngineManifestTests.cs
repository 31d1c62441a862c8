using System.Text;
using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>What lies beside an installed engine: whatever happened to it, a file that is not as it was is named in one line.</summary>
public sealed class EngineManifestTests : IDisposable
{
    private readonly FakeCheckout _fake = new();
    private readonly string _path;
    private readonly byte[] _whole;
    private readonly EngineManifest _manifest;

    public EngineManifestTests()
    {
        _fake.Install();
        _path = Path.Combine(_fake.Folder, EngineManifest.FileName);
        _whole = File.ReadAllBytes(_path);
        _manifest = EngineManifest.Read(_fake.Folder);
    }

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void What_is_written_is_read_again()
    {
        Assert.Equal(("fake-cpu", "stub 1"), (_manifest.Name, _manifest.Library));
        Assert.Equal(["ReSTEM.Torch.dll", "data/numbers.bin", "stub.json"], _manifest.Files.Select(file => file.Path));
        // printf 0123456789 | sha256sum
        Assert.Contains(new EngineFile("data/numbers.bin", 10, "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"), _manifest.Files);
        _manifest.Write(_fake.Folder);
        Assert.Equal(_whole, File.ReadAllBytes(_path));
        Assert.Null(_manifest.Fault(_fake.Folder, hashes: true));
    }

    /// <summary>
    /// A damage that the engine survives changes nothing that decides: spaces, or how its library is called. Everything else is told in one line,
    /// and never by another exception.
    /// </summary>
    [Fact]
    public void A_damage_of_any_byte_is_told_or_changes_nothing()
    {
        int told = 0;
        for (int place = 0; place < _whole.Length; place++)
        {
            foreach (byte change in new byte[] { 0x01, 0x20, 0x80, 0xFF })
            {
                byte[] damaged = [.. _whole];
                damaged[place] ^= change;
                told += IsTold(damaged) ? 1 : 0;
            }
        }

        Assert.InRange(told, 3 * _whole.Length, 4 * _whole.Length); // spaces between the entries are no more than a quarter
    }

    [Fact]
    public void A_file_that_ends_anywhere_is_told()
    {
        for (int length = 0; length < _whole.Length - 1; length++)
        {
            Assert.True(IsTold(_whole[..length]), $"cut to {length} bytes");
        }
    }

    [Fact]
    public void A_line_that_is_lost_is_told()
    {
        string[] lines = Encoding.UTF8.GetString(_whole).TrimEnd('\n').Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            Assert.True(IsTold(Encoding.UTF8.GetBytes(string.Join('\n', lines.Where((_, index) => index != line)))), lines[line]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"name": null, "sources": "", "library": "", "files": []}""")]
    [InlineData("""{"name": "fake-cpu", "sources": "", "library": "", "files": null}""")]
    [InlineData("""{"name": "fake-cpu", "sources": "", "library": "", "files": [null]}""")]
    [InlineData("""{"name": "fake-cpu", "sources": "", "library": "", "files": [{"path": "", "bytes": 0, "sha256": ""}]}""")]
    [InlineData("""{"name": "fake-cpu", "sources": "", "library": "", "files": [{"path": "a\u0000b", "bytes": 0, "sha256": ""}]}""")]
    [InlineData("""{"name": "fake-cpu", "sources": "", "library": "", "files": [{"path": "../../src/Fake/Code.cs", "bytes": 7, "sha256": ""}]}""")]
    [InlineData("""{"name": "fake-cpu", "sources": "", "library": "", "files": [{"path": "/etc/passwd", "bytes": 7, "sha256": ""}]}""")]
    [InlineData("""{"name": "fake-cpu", "sources": "", "library": "", "files": [{"path": "stub.json", "bytes": 1e99, "sha256": ""}]}""")]
    [InlineData("""{"name": "other\nname", "sources": "", "library": "", "files": []}""")]
    public void What_is_no_list_of_an_engine_is_damaged(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Equal(EngineState.Damaged, _fake.Look().State);
        Assert.StartsWith("the engine fake-cpu is damaged: ", _fake.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_without_sense_is_never_another_exception()
    {
        RandomSequence random = RandomStream.Of(12, RandomPurpose.Sample).Sequence();
        for (int round = 0; round < 2000; round++)
        {
            int start = random.Below(_whole.Length), end = Math.Min(start + random.Below(40), _whole.Length), from = random.Below(_whole.Length - 30);
            byte[] middle = (round % 3) switch
            {
                0 => [.. Enumerable.Range(0, random.Below(40)).Select(_ => (byte)random.Below(256))],
                1 => [.. Enumerable.Range(0, random.Below(40)).Select(_ => random.Pick("{}[]\",:0-1e\\/ntfu\n "u8.ToArray()))],
                _ => _whole[from..(from + 30)],
            };
            IsTold([.. _whole[..start], .. middle, .. _whole[end..]]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_is_not_as_it_was_is_named(bool hashes)
    {
        string file = Path.Combine(_fake.Folder, "data", "numbers.bin");
        File.WriteAllText(file, "012345678");
        Assert.Contains($"{file} has 9 bytes, expected 10, expected it as it is built here", _fake.Refusal(hashes), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains($"{file} is missing", _fake.Refusal(hashes), StringComparison.Ordinal);
        File.WriteAllText(file, "9876543210");
        Assert.Equal(hashes ? EngineState.Damaged : EngineState.Ready, _fake.Look(hashes).State); // sizes are looked at before every run, contents on demand
        File.Delete(_path);
        Assert.Contains($"{_path} is missing", _fake.Refusal(hashes), StringComparison.Ordinal);
    }

    /// <summary>Whether what lies there now is refused; if not, it says the same as before.</summary>
    private bool IsTold(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        if (_fake.Look().State is not EngineState.Ready)
        {
            _fake.Refusal();
            return true;
        }

        EngineManifest read = EngineManifest.Read(_fake.Folder);
        Assert.Equal((_manifest.Name, _manifest.Sources), (read.Name, read.Sources));
        Assert.Empty(read.Files.Except(_manifest.Files));
        return false;
    }
}
