using BenchmarkDotNet.Attributes;
using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.AnswerBenchmarks;

/// <summary>Single checks of each kind of answer, extraction included, on one core.</summary>
[MemoryDiagnoser]
public class CheckBenchmark
{
    private readonly MathVerifier _verifier = new();
    private Problem _problem = null!;
    private string _completion = "";

    [ParamsSource(nameof(Cases))]
    public (string Reference, string Answer) Case { get; set; }

    public static IEnumerable<(string Reference, string Answer)> Cases =>
    [
        ("72", "72"), ("\\frac{5}{6}", "0.8333"), ("20\\text{ miles}", "20 miles"), ("(x+1)^3", "x^3+3x^2+3x+1"),
        ("\\frac{\\sqrt{3}}{4\\sqrt{2}-3}", "\\frac{4\\sqrt6+3\\sqrt3}{23}"), ("(-\\infty,2)\\cup(3,\\infty)", "x<2 or x>3"),
        ("\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\begin{bmatrix}1&2\\\\3&4\\end{bmatrix}"), ("\\sin 3x", "3\\sin x-4\\sin^3 x"),
    ];

    [GlobalSetup]
    public void Setup()
    {
        _problem = new Problem { Id = "p", Task = TaskKind.Math, Prompt = "How many are there altogether?", Reference = Case.Reference };
        _completion = $"First we add, then we multiply, and this gives the result.\nThe answer is $\\boxed{{{Case.Answer}}}$.";
    }

    [Benchmark]
    public ValueTask<Finding> Verify() => _verifier.VerifyAsync(_problem, _completion, CancellationToken.None);
}
