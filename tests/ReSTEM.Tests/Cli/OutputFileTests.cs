using System.Diagnostics;
using System.IO.Compression;
using ReSTEM.Cli;

namespace ReSTEM.Tests;

/// <summary>Where verbs write: whole or not at all, over nothing that they should not.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OutputFileTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string Rows => _scratch.File("rows.jsonl");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_file_appears_when_it_is_complete_and_nothing_stays_of_one_that_is_not()
    {
        File.WriteAllText(Rows, "before");
        using (var writer = new RowWriter(OutputFile.Open("--output", Rows)))
        {
            writer.Write(new { a = 1 });
            Assert.Equal("before", File.ReadAllText(Rows));
        }

        Assert.Equal("before", File.ReadAllText(Rows));
        Write(Rows);
        Assert.Equal("{\"a\":1}\n", File.ReadAllText(Rows));
        Assert.Equal([Rows], Directory.GetFileSystemEntries(_scratch.Path));
    }

    [Fact]
    public void Names_in_gz_are_written_as_gzip()
    {
        Write(Rows + ".gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Rows + ".gz"), CompressionMode.Decompress));
        Assert.Equal("{\"a\":1}\n", reader.ReadToEnd());
    }

    [Fact]
    public void A_file_of_somebody_else_beside_it_is_left_alone()
    {
        File.WriteAllText(Rows + ".tmp", "mine");
        Write(Rows);
        Assert.Equal("mine", File.ReadAllText(Rows + ".tmp"));
    }

    [Fact]
    public void The_target_of_a_link_is_replaced_and_the_link_stays()
    {
        string target = _scratch.File("target.jsonl");
        File.WriteAllText(target, "before");
        File.CreateSymbolicLink(Rows, target);
        Write(Rows);
        Assert.Equal(target, File.ResolveLinkTarget(Rows, returnFinalTarget: true)!.FullName);
        Assert.Equal("{\"a\":1}\n", File.ReadAllText(target));

        File.Delete(target);
        Write(Rows);
        Assert.Equal("{\"a\":1}\n", File.ReadAllText(target));
    }

    // No test writes to a device of the system: a fault of this code, run by root, would replace it for everybody.
    [Theory]
    [InlineData("/dev/null", FileKind.Stream)]
    [InlineData("/dev", FileKind.Folder)]
    [InlineData("/proc/self/status", FileKind.Regular)]
    [InlineData("/no/such/place", FileKind.Missing)]
    public void What_a_path_leads_to_is_known(string path, object kind) => Assert.Equal(kind, FileStatus.Of(path).Kind);

    [Fact]
    public async Task A_pipe_is_written_through_and_stays_one()
    {
        Process.Start("mkfifo", [Rows]).WaitForExit();
        var read = Task.Run(() => File.ReadAllText(Rows)); // opening it waits for the writer
        Write(Rows);
        Assert.Equal(FileKind.Stream, FileStatus.Of(Rows).Kind);
        Assert.Equal("{\"a\":1}\n", await read);
    }

    [Fact]
    public void Nothing_is_ever_renamed_into_the_folder_of_devices()
    {
        foreach (string path in new[] { "/dev/restem-no-such-device", "/dev/fd/9999", "/proc/restem-no-such-file" })
        {
            Assert.Contains("which cannot be written", Assert.Throws<UsageException>(() => OutputFile.Open("--output", path)).Message, StringComparison.Ordinal);
            Assert.False(File.Exists(path));
        }
    }

    [Fact]
    public void Access_rights_of_a_file_that_is_replaced_stay()
    {
        File.WriteAllText(Rows, "secret");
        File.SetUnixFileMode(Rows, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(Rows);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Rows));
    }

    [Fact]
    public void What_cannot_be_written_is_refused_before_any_work()
    {
        Refused("--output is empty, expected a file, or - for standard output.", "");
        Refused($"--output is {_scratch.Path}, a folder, expected a file.", _scratch.Path);
        Refused($"expected a file in a folder that exists: {_scratch.File("no")} does not", _scratch.File("no/rows.jsonl"));
        Refused("whose name has 300 bytes, expected at most 255.", _scratch.File(new string('y', 300)));
    }

    [Fact]
    public void The_input_is_not_written_over_by_whatever_name()
    {
        File.WriteAllText(Rows, "{}");
        string link = _scratch.File("link.jsonl");
        File.CreateSymbolicLink(link, Rows);
        string hard = _scratch.File("hard.jsonl");
        Process.Start("ln", [Rows, hard]).WaitForExit();
        foreach (string output in new[] { Rows, link, hard, _scratch.File("./rows.jsonl") })
        {
            Assert.Contains("which is the input", Assert.Throws<UsageException>(() => OutputFile.Open("--output", output, "other", Rows)).Message, StringComparison.Ordinal);
        }

        OutputFile.Open("--output", _scratch.File("another.jsonl"), Rows).Dispose();
        Assert.Equal("{}", File.ReadAllText(Rows));
    }

    private static void Refused(string message, string path) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => OutputFile.Open("--output", path)).Message, StringComparison.Ordinal);

    private static void Write(string path)
    {
        using var writer = new RowWriter(OutputFile.Open("--output", path));
        writer.Write(new { a = 1 });
        writer.Complete();
    }
}
