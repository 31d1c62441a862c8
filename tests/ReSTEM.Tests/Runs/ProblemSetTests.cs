using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class ProblemSetTests
{
    [Fact]
    public void All_faults_of_a_set_are_named_at_once()
    {
        Problem[] problems =
        [
            New("a", "What is 1 + 1?", "2"), New("a", "Other", "3"), New("b", " what  is 1 + 1?", "2"), New("c", " ", "1"), New("d", "Empty", ""),
        ];
        string message = Assert.Throws<InvalidDataException>(() => ProblemSet.Create("train", problems, [])).Message;
        Assert.StartsWith("train: problems that cannot be used:", message);
        Assert.Contains("the id 'a' is there twice", message);
        Assert.Contains("the prompt of 'b' is that of 'a' too", message);
        Assert.Contains("the prompt of 'c' is empty", message);
        Assert.Contains("the answer of 'd' is empty", message);
    }

    [Fact]
    public void An_empty_set_is_refused() =>
        Assert.Contains("train is empty", Assert.Throws<InvalidDataException>(() => ProblemSet.Create("train", [], [])).Message);

    [Fact]
    public void Empty_answers_and_shared_prompts_are_allowed_by_name()
    {
        Problem[] problems = [New("a", "x", "1"), New("b", "X", "2"), New("c", "y", "")];
        Assert.Equal(3, ProblemSet.Create("train", problems, ["b", "c"]).Problems.Count);
        Assert.Contains("'z' under allow is not in train", Assert.Throws<InvalidDataException>(() => ProblemSet.Create("train", problems, ["b", "c", "z"])).Message);
    }

    [Fact]
    public void A_larger_subset_holds_the_smaller_one_in_order()
    {
        ProblemSet set = ProblemSet.Create("train", Enumerable.Range(0, 100).Select(i => New($"{i}", $"p{i}", "1")), []);
        RandomStream random = RandomStream.Of(7, RandomPurpose.Problems);
        int[] small = [.. set.Subset(10, random).Problems.Select(problem => int.Parse(problem.Id, null))];
        int[] large = [.. set.Subset(50, random).Problems.Select(problem => int.Parse(problem.Id, null))];
        Assert.Equal(10, small.Distinct().Count());
        Assert.Equal(small.Order(), small);
        Assert.Subset(large.ToHashSet(), small.ToHashSet());
        Assert.NotEqual(small, set.Subset(10, RandomStream.Of(8, RandomPurpose.Problems)).Problems.Select(problem => int.Parse(problem.Id, null)));
        Assert.Same(set, set.Subset(100, random));
    }

    [Fact]
    public void A_test_problem_in_train_is_refused_unless_its_set_is_allowed()
    {
        ProblemSet train = ProblemSet.Create("train", [New("a", "What  is it?", "1"), New("b", "y", "2")], []);
        ProblemSet test = ProblemSet.Create("test", [New("t", "what is\nit?", "1")], []);
        string message = Assert.Throws<InvalidDataException>(() => Contamination.Refuse(train, [test], [])).Message;
        Assert.Contains("'a' of train is 't' of test", message);
        Contamination.Refuse(train, [test], ["test"]);
        message = Assert.Throws<InvalidDataException>(() => Contamination.Refuse(train, [test], ["tset"])).Message;
        Assert.Contains("the set 'tset' that may overlap is not there, expected one of test", message);
    }

    [DataFact]
    public void The_known_flaws_of_math_are_found()
    {
        // The data's own notes: two empty boxes in train, and one problem of train that is also in test. Two problems of train differ in
        // one blank: "Real numbers $x$ and $y$ satisfy the equation $x^2 + y^2 = 10x - 6y - 34$."
        ProblemSource source = new() { Files = [SharedData.PathOf("math/train.jsonl.gz")] };
        string message = Assert.Throws<InvalidDataException>(() => ProblemSet.Load("train", source, 1)).Message;
        Assert.Contains("the answer of 'math/train/number_theory/7115' is empty", message);
        Assert.Contains("the answer of 'math/train/number_theory/7117' is empty", message);
        Assert.Contains("the prompt of 'math/train/algebra/2463' is that of 'math/train/algebra/24377' too", message);
        Assert.Equal(4, message.Split('\n').Length);

        source = source with
        {
            Exclude = ["math/train/number_theory/7115", "math/train/number_theory/7117"],
            Allow = ["math/train/algebra/2463"],
        };
        ProblemSet train = ProblemSet.Load("train", source, 1);
        ProblemSet test = ProblemSet.Load("test", new() { Files = [SharedData.PathOf("math/test.jsonl.gz")] }, 1);
        Assert.Equal(7498, train.Problems.Count);
        Assert.StartsWith("The points $(0,0)", Assert.Single(Contamination.Overlap(train, test)).First.Prompt);
    }

    [DataFact]
    public void Gsm8k_is_clean()
    {
        ProblemSet Load(string split) => ProblemSet.Load(split, new() { Files = [SharedData.PathOf($"gsm8k/{split}.jsonl.gz")], Limit = split == "train" ? 1000 : 0 }, 1);
        Assert.Equal(1000, Load("train").Problems.Count);
        Contamination.Refuse(Load("train"), [Load("test")], []);
    }

    private static Problem New(string id, string prompt, string reference) =>
        new() { Id = id, Task = TaskKind.Math, Prompt = prompt, Reference = reference };
}
