using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class RunIdentityTests
{
    private static readonly Problem Whole = new()
    {
        Id = "p",
        Task = TaskKind.Code,
        Prompt = "double",
        Reference = "r",
        Choices = ["a", "b"],
        Solution = "s",
        Metadata = new Dictionary<string, string> { ["level"] = "1" },
        Target = new LabelTarget { Labels = ["no", "yes"], Verbalisers = [" n", " y"], Distribution = [0.5, 0.5], Hard = 0, Annotations = [0, 1] },
        Tests = new CodeTests
        {
            Form = CodeTestForm.Calls,
            EntryPoint = "f",
            Preamble = "import math",
            Setup = "x = 1",
            Statements = ["assert f(1) == 2"],
            Cases = [new CodeCase("[1]", ["2"])],
            Output = new OutputRule { Tolerance = 0.1 },
            Checker = "def check(): pass",
            Reference = new ReferenceSolution { Source = "def f(x): return 2" },
        },
    };

    public static TheoryData<string, Problem> Changes => new()
    {
        { nameof(Problem.Id), Whole with { Id = "q" } },
        { nameof(Problem.Task), Whole with { Task = TaskKind.Math } },
        { nameof(Problem.Prompt), Whole with { Prompt = "triple" } },
        { nameof(Problem.Reference), Whole with { Reference = "R" } },
        { nameof(Problem.Choices), Whole with { Choices = ["a", "c"] } },
        { nameof(Problem.Solution), Whole with { Solution = "S" } },
        { nameof(Problem.Metadata), Whole with { Metadata = new Dictionary<string, string> { ["level"] = "2" } } },
        { nameof(Problem.Tests), Whole with { Tests = null } },
        { nameof(Problem.Target), Whole with { Target = null } },
        { nameof(LabelTarget.Labels), OtherTarget(target => target with { Labels = ["no", "perhaps"] }) },
        { nameof(LabelTarget.Verbalisers), OtherTarget(target => target with { Verbalisers = [" n", " p"] }) },
        { nameof(LabelTarget.Distribution), OtherTarget(target => target with { Distribution = [0.25, 0.75] }) },
        { nameof(LabelTarget.Hard), OtherTarget(target => target with { Hard = 1 }) },
        { nameof(LabelTarget.Annotations), OtherTarget(target => target with { Annotations = [1, 0] }) },
        { nameof(CodeTests.Form), With(tests => tests with { Form = CodeTestForm.Asserts }) },
        { nameof(CodeTests.EntryPoint), With(tests => tests with { EntryPoint = "g" }) },
        { nameof(CodeTests.Preamble), With(tests => tests with { Preamble = "" }) },
        { nameof(CodeTests.CompletionContinuesPreamble), With(tests => tests with { CompletionContinuesPreamble = true }) },
        { nameof(CodeTests.Starter), With(tests => tests with { Starter = "def f(x):" }) },
        { nameof(CodeTests.Repairs), With(tests => tests with { Repairs = CodeRepairs.Prose }) },
        { nameof(CodeTests.Setup), With(tests => tests with { Setup = "x = 2" }) },
        { nameof(CodeTests.Statements), With(tests => tests with { Statements = ["assert f(1) == 3"] }) },
        { nameof(CodeCase.Input), With(tests => tests with { Cases = [new CodeCase("[2]", ["2"])] }) },
        { nameof(CodeTests.Cases), With(tests => tests with { Cases = [new CodeCase("[1]", ["3"])] }) },
        { nameof(CodeTests.Output), With(tests => tests with { Output = new OutputRule { Tolerance = 0.2 } }) },
        { nameof(CodeTests.Checker), With(tests => tests with { Checker = "" }) },
        { nameof(CodeCase.Function), With(tests => tests with { Cases = [tests.Cases[0] with { Function = "f" }] }) },
        { nameof(CodeCase.Named), With(tests => tests with { Cases = [tests.Cases[0] with { Named = "{}" }] }) },
        { nameof(CodeTests.SolutionMustPass), With(tests => tests with { SolutionMustPass = true }) },
        { nameof(CodeTests.Reference), With(tests => tests with { Reference = null }) },
        { nameof(ReferenceSolution.Source), OtherAnswer(answer => answer with { Source = "def f(x): return 3" }) },
        { nameof(ReferenceSolution.Contract), OtherAnswer(answer => answer with { Contract = "assert x" }) },
        { nameof(ReferenceSolution.AlsoRight), OtherAnswer(answer => answer with { AlsoRight = ["g"] }) },
        { nameof(ReferenceSolution.Tolerance), OtherAnswer(answer => answer with { Tolerance = 1e-6 }) },
        { nameof(ReferenceSolution.Oracle), OtherAnswer(answer => answer with { Oracle = ReferenceOracle.SameElements }) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whatever_changes_of_a_problem_changes_its_digest(string what, Problem changed) =>
        Assert.True(ContentDigest.Of([Whole]) != ContentDigest.Of([changed]), what);

    [Fact]
    public void Every_property_of_a_problem_and_of_its_tests_is_tried()
    {
        var tried = Changes.Select(row => (string)row[0]).ToHashSet();
        var all = new[] { typeof(Problem), typeof(LabelTarget), typeof(CodeTests), typeof(CodeCase), typeof(ReferenceSolution) }
            .SelectMany(type => type.GetProperties()).Select(property => property.Name);
        Assert.Empty(all.Except([.. tried, "EqualityContract", nameof(CodeCase.Accepted), nameof(LabelTarget.IsOneHot), nameof(LabelTarget.HardLabel)]));
    }

    [Fact]
    public void Parts_are_never_run_together() =>
        Assert.NotEqual(ContentDigest.Of([Whole with { Prompt = "ab", Reference = "c" }]), ContentDigest.Of([Whole with { Prompt = "a", Reference = "bc" }]));

    [Fact]
    public void Another_version_of_a_verifier_or_of_the_engine_is_another_identity()
    {
        Problem[] problems = [.. FakeProblem.Make("p", 2, 0)];
        RunIdentity before = RunIdentity.Empty.With(new FakeVerifier(), problems).With(FakeEngine.Identity);
        RunIdentity judged = RunIdentity.Empty.With(new FakeVerifier { Version = "fake 2" }, problems).With(FakeEngine.Identity);
        RunIdentity computed = RunIdentity.Empty.With(new FakeVerifier(), problems).With(FakeEngine.Identity with { Dtype = "bfloat16" });
        Assert.Equal([("verifier math", "fake 1", "fake 2")], judged.Differences(before));
        Assert.Equal("engine is fake 1 bfloat16, expected fake 1 text", computed.Compare(before));
        Assert.Empty(before.Differences(RunIdentity.Of(before.Parts)));
        Assert.NotEqual(before.Digest, judged.Digest);
    }

    [Fact]
    public void A_part_is_named_once()
    {
        RunIdentity identity = RunIdentity.Empty.With("seed", "1");
        Assert.Throws<ArgumentException>(() => identity.With("seed", "2"));
        Assert.Equal([("seed", "1", null)], RunIdentity.Empty.Differences(identity));
    }

    private static Problem OtherTarget(Func<LabelTarget, LabelTarget> change) => Whole with { Target = change(Whole.Target!) };

    private static Problem OtherAnswer(Func<ReferenceSolution, ReferenceSolution> change) =>
        With(tests => tests with { Reference = change(tests.Reference!) });

    private static Problem With(Func<CodeTests, CodeTests> change) => Whole with { Tests = change(Whole.Tests!) };
}
