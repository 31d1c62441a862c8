using System.Security.Cryptography;

namespace ReSTEM.Tests;

public sealed class TrainerFormatTests : IDisposable
{
    private readonly TrainerJobs _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Fact]
    public async Task Files_have_the_bytes_that_were_recorded()
    {
        // Recorded: a change of the format must be meant, for a job that was stopped goes on and what is finished is recognised by it.
        var job = _jobs.Job() with
        {
            CommitInterval = TimeSpan.Zero,
            Validate = (candidate, _) => Task.FromResult(candidate.Epoch == 1 ? 0.5 : 0.25),
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => TrainerJobs.RunAsync(
            job, step => { if (step.Step == 8) { throw new InvalidOperationException("crash"); } }));
        // The snapshot after the last committed step, and the weights of the best epoch.
        Assert.Equal(
            ["moments-7.bin c807aac169", "state.bin 8579c3570e", "weights-3.bin 01dd6acc29", "weights-7.bin 16916645a0"],
            Directory.GetFiles(_jobs.State).Order(StringComparer.Ordinal).Select(path => $"{Path.GetFileName(path)} {HashOf(path)}"));
        await TrainerJobs.RunAsync(job);
        Assert.Equal("09af0f6860", HashOf(Path.Combine(_jobs.Output, "training.json")));
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..10];
}
