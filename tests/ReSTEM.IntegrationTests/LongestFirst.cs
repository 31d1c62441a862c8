using Xunit.Abstractions;

[assembly: TestCollectionOrderer("ReSTEM.IntegrationTests.LongestFirst", "ReSTEM.IntegrationTests")]

namespace ReSTEM.IntegrationTests;

/// <summary>Starts what takes longest first, so that none of it is left over for one processor at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Long =
    [
        typeof(ReferenceSolutionTests), typeof(ShardRunTests), typeof(SlurmRunTests), typeof(TrainerCommandTests), typeof(KubernetesRunTests),
        typeof(CrashCampaignTests), typeof(SameBitsTests), typeof(CompareDataTests), typeof(MixupRunTests), typeof(EngineRunTests), typeof(BrokenSolutionTests),
        typeof(RemoteRunTests), typeof(SameBitsWithCodeTests), typeof(AdapterRunTests), typeof(AdversarialTests), typeof(VerifyTests), typeof(VerbChainTests),
    ];

    /// <summary>The collections of those classes in their order, then the others.</summary>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.FindIndex(Long, type => collection.DisplayName.EndsWith(type.FullName!, StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length);
}
