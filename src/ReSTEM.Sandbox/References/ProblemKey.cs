using System.Runtime.CompilerServices;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Names the tests of a problem by their content, so that rows with the same tests are one problem.</summary>
internal static class ProblemKey
{
    private static readonly ConditionalWeakTable<Problem, string> Known = new();

    /// <summary>The digest of the tests and the problem's own solution; computed once per problem object.</summary>
    public static string Of(Problem problem) => Known.GetValue(problem, ContentDigest.OfTests);
}
