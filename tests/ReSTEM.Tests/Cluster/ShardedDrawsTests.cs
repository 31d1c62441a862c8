using System.Diagnostics;
using ReSTEM.Cluster;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Whole runs whose draws are cut into shards: the ledger of a run without, whatever becomes of the shards.</summary>
public sealed class ShardedDrawsTests : IDisposable
{
    private static readonly Lazy<Task<string>> Expected = new(async () =>
    {
        using FakeRun whole = FakeRun.Small();
        await whole.StartAsync();
        return whole.Digest();
    });

    private readonly FakeRun _run = FakeRun.Small();
    private readonly List<string> _notices = [];

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(50)] // of 8 problems at most
    public async Task Any_number_of_shards_gives_the_same_ledger_also_more_than_there_are_problems(int shards)
    {
        int most = 0;
        Cut(shards, _ => true, folder => most = Math.Max(most, int.Parse(Path.GetFileName(folder)[..4], null) + 1));
        await _run.StartAsync();
        Assert.Equal(await Expected.Value, _run.Digest());
        Assert.Equal(Math.Min(shards, 8), most); // no job for a shard without problems
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task A_job_that_the_scheduler_loses_is_submitted_again()
    {
        Cut(3, number => number % 2 == 1);
        await _run.StartAsync();
        Assert.Equal(await Expected.Value, _run.Digest());
        Assert.Matches(@"^shard \d of 3 \(.*\): job-\d+ is gone without samples\. It is started again\.$", _notices[0]);
    }

    [Fact]
    public async Task A_scheduler_that_loses_every_job_ends_the_run_in_one_line_and_it_goes_on_with_another()
    {
        Cut(3, number => number < 1);
        string told = (await Assert.ThrowsAsync<EngineException>(_run.StartAsync)).Message;
        Assert.Contains("is gone without samples. It was started 3 times, expected at most 3 (executor.attempts). What was drawn is kept; see ", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
        Cut(2, _ => true);
        await _run.StartAsync();
        Assert.Equal(await Expected.Value, _run.Digest());
    }

    [Fact]
    public async Task Sealed_samples_that_were_altered_on_the_way_are_drawn_again()
    {
        int altered = 0;
        Cut(2, _ => true, folder =>
        {
            if (altered++ == 0)
            {
                string file = Path.Combine(folder, ShardSpec.SamplesName);
                byte[] bytes = File.ReadAllBytes(file);
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(file, bytes);
            }
        });
        await _run.StartAsync();
        Assert.Equal(await Expected.Value, _run.Digest());
        Assert.EndsWith("It is started again.", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_shared_folder_that_is_full_ends_the_run_in_one_line_and_it_goes_on_when_there_is_room()
    {
        string shards = Path.Combine(_run.Folder, "shards"), ballast = Path.Combine(shards, "ballast");
        Directory.CreateDirectory(shards);
        Run("mount", "-t", "tmpfs", "-o", "size=128k", "none", shards);
        try
        {
            File.WriteAllBytes(ballast, new byte[108 << 10]); // 20 KiB are left: shards begin, and do not end
            Cut(2, _ => true);
            Exception fault = await Assert.ThrowsAnyAsync<Exception>(_run.StartAsync);
            Assert.True(fault is EngineException || (fault is IOException && fault.Message.StartsWith("No space left", StringComparison.Ordinal)), fault.ToString());

            File.WriteAllBytes(ballast, new byte[80 << 10]); // room for specs, but hardly for samples
            Cut(2, _ => false);
            string told = (await Assert.ThrowsAsync<EngineException>(_run.StartAsync)).Message;
            Assert.Matches(@"^shard \d of 2 \(.*\): job-\d+ is gone without samples \(the disk of .* has \d+ bytes left\)\. It was started 3 times", told);

            File.WriteAllBytes(ballast, []);
            Cut(2, _ => true);
            await _run.StartAsync();
        }
        finally
        {
            Run("umount", shards);
        }

        Assert.Equal(await Expected.Value, _run.Digest());
    }

    private void Cut(int shards, Func<int, bool> fate, Action<string>? onSealed = null) => _run.Executor = engine => new ShardedDraws(
        new ShardsInProcess(_run, engine, fate) { OnSealed = onSealed ?? (_ => { }) }, new ShardOptions(shards, 3, TimeSpan.FromMilliseconds(1)), _run.Folder, RunIdentity.Empty, _notices.Add);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>A test that mounts a file system; skipped where that is not permitted.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.UserName == "root" ? null : "needs root, to mount a small file system";
}
