using ReSTEM.AnswerMutants;

namespace ReSTEM.Tests;

/// <summary>Keeps the list of mutants (tests/ReSTEM.AnswerMutants) true to the source; its program shows that the tests kill them.</summary>
public sealed class MutantListTests
{
    private const int FewestMutants = 100;

    [Fact]
    public void Every_mutant_of_the_checker_still_has_its_place()
    {
        var mutants = Mutant.ReadAll(Path.Combine(SharedData.RepositoryRoot, "tests", "ReSTEM.AnswerMutants", "mutants.txt"));
        Assert.True(mutants.Count >= FewestMutants, $"{mutants.Count} mutants");
        foreach (var mutant in mutants)
        {
            string source = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src", "ReSTEM.Answers", mutant.File));
            Assert.NotEqual(source, mutant.Applied(source));
        }
    }
}
