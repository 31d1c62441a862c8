using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>Policies with adapters on ONNX Runtime.</summary>
public sealed class OnnxAdapterTests
{
    [EngineTheory("onnx-cpu")]
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
        var adapted = new PolicyRef(found.Folder, found.Sha256, found.Adapter! with { IsMerged = isMerged });
        using IPolicy onnx = OnnxUse.Engine().Open(adapted), managed = new ManagedEngine(new EngineOptions { Threads = 1 }).Open(adapted);
        Assert.Equal(managed.Fingerprint.WeightsSha256, onnx.Fingerprint.WeightsSha256);
        int[] ids = [.. Enumerable.Range(0, 40).Select(t => t * 7 % 61)];
        float[] expected = managed.LogProbabilities([ids], CancellationToken.None).Single();
        float[] actual = onnx.LogProbabilities([ids], CancellationToken.None).Single();
        for (int t = 0; t < ids.Length; t++)
        {
            Assert.Equal(expected[t], actual[t], 1e-4f);
        }
    }
}
