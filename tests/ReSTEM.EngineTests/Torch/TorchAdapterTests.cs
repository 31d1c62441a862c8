using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Tests;
using ReSTEM.Torch;

namespace ReSTEM.EngineTests;

/// <summary>Policies with adapters on libtorch.</summary>
public sealed class TorchAdapterTests
{
    [EngineTheory("torch-cpu")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_adapter_gives_what_it_gives_on_the_managed_engine(bool isMerged)
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Qwen2);
        var job = jobs.Job("a", static options => options) with
        {
            Adapter = new AdapterJob(new AdapterOptions { Rank = 4, TargetModules = ["q_proj", "v_proj", "down_proj"] }, RandomStream.Of(5, RandomPurpose.Initialization)),
        };
        await TrainerJobs.RunAsync(job, static _ => { });
        var found = PolicyFolder.Resolve(job.OutputFolder);
        var policy = new PolicyRef(found.Folder, found.Sha256, found.Adapter! with { IsMerged = isMerged });
        using IPolicy torch = new TorchEngine(TorchUse.Settings()).Open(policy), managed = new ManagedEngine(new EngineOptions { Threads = 1 }).Open(policy);
        Assert.Equal(managed.Fingerprint.WeightsSha256, torch.Fingerprint.WeightsSha256);
        int[] ids = [.. Enumerable.Range(0, 40).Select(t => t * 7 % 61)];
        float[] plain = managed.LogProbabilities([ids], CancellationToken.None).Single();
        float[] actual = torch.LogProbabilities([ids], CancellationToken.None).Single();
        for (int t = 0; t < ids.Length; t++)
        {
            Assert.Equal(plain[t], actual[t], 1e-4f);
        }
    }
}
