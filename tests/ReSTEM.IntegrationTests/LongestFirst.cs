using Xunit.Abstractions;

[assembly: TestCollectionOrderer("ReSTEM.IntegrationTests.LongestFirst", "ReSTEM.IntegrationTests")]

namespace ReSTEM.IntegrationTests;

/// <summary>Starts what takes longest first, so that none of it is left over for one processor at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Long =
    [
        typeof(CrashCampaignTests), typeof(AdversarialTests), typeof(SlurmRunTests), typeof(ReferenceSolutionTests), typeof(KubernetesRunTests),
        typeof(BrokenSolutionTests), typeof(ShardRunTests), typeof(SameBitsTests), typeof(CompareDataTests), typeof(MixupRunTests),
        typeof(SameBitsWithCodeTests), typeof(TrainerCommandTests), typeof(CpuTimeTests), typeof(AdapterRunTests), typeof(ReportBrowserTests),
        typeof(ProgramFormTests), typeof(CodeCasesTests), typeof(SecureRunTests), typeof(FaultTests), typeof(RemoteRunTests),
        typeof(MathAnswersTests), typeof(DashboardBrowserTests), typeof(VerbChainTests), typeof(FirstRunTests), typeof(SweepTests),
    ];

    /// <summary>The collections of those classes in their order, then the others.</summary>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.FindIndex(Long, type => collection.DisplayName.EndsWith(type.FullName!, StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length);
}
