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
        Assert.Equal("4f7e777828", HashOf(Path.Combine(_jobs.State, "state.bin")));
        Assert.Equal("0596b63319", HashOf(Path.Combine(_jobs.State, "best-1.bin")));
        await TrainerJobs.RunAsync(job);
        Assert.Equal("09af0f6860", HashOf(Path.Combine(_jobs.Output, "training.json")));
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..10];
}
