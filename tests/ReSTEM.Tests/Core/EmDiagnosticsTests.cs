using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class EmDiagnosticsTests
{
    private const double Euler = 0.57721566490153286061;

    public static TheoryData<double, double> GaussValues => new()
    {
        // Abramowitz and Stegun 1964, 6.3.2 to 6.3.4: psi(1), psi(1/2), psi(n) = H(n-1) - gamma, psi(n + 1/2).
        { 1, -Euler },
        { 0.5, -Euler - (2 * Math.Log(2)) },
        { 2, 1 - Euler },
        { 5, 1 + (1.0 / 2) + (1.0 / 3) + (1.0 / 4) - Euler },
        { 2.5, -Euler - (2 * Math.Log(2)) + 2 + (2.0 / 3) },
        // Gauss's theorem for psi(p/q).
        { 0.25, -Euler - (Math.PI / 2) - (3 * Math.Log(2)) },
        { 1.0 / 3, -Euler - (Math.PI / (2 * Math.Sqrt(3))) - (1.5 * Math.Log(3)) },
        // Abramowitz and Stegun 1964, table 6.3: psi(10), psi(100).
        { 10, 2.2517525890667211 },
        { 100, 4.6001618527380874 },
    };

    [Theory]
    [MemberData(nameof(GaussValues))]
    public void Digamma_has_the_tabulated_values(double x, double expected) => Assert.Equal(expected, Digamma.Of(x), tolerance: 1e-12);

    [Theory]
    [InlineData(0)]
    [InlineData(-1.5)]
    public void Digamma_is_refused_where_it_is_not_needed(double x) => Assert.Throws<ArgumentOutOfRangeException>(() => Digamma.Of(x));

    // Two problems, two samples each, a = 1/2. psi(3) = 1.5 - gamma; psi(2.5), psi(1.5), psi(0.5) from psi(0.5) by psi(x + 1) = psi(x) + 1/x:
    // E[log Z] is psi(c + 0.5) - psi(3): for c = 0, 1, 2: -2 ln 2 - 1.5, that + 2, that + 2 + 2/3.
    [Fact]
    public void Numbers_of_an_e_step_are_those_worked_out_by_hand()
    {
        var diagnostics = new EmDiagnostics(comparesWithBefore: true);
        diagnostics.Add(2, 2, 1, [new("p-000", 0, 2, 1, Sample)]);
        diagnostics.Add(0, 2, 1, []);
        diagnostics.Add(1, 2, 0, [new("p-002", 0, 1, 0.5, Sample)]);
        var numbers = diagnostics.Measures().ToDictionary(entry => entry.Measure.Name, entry => entry.Value);

        double none = (-2 * Math.Log(2)) - 1.5;
        Assert.Equal(((none + 2 + (2.0 / 3)) + none + (none + 2)) / 3, numbers["em/log_z"], precision: 10);
        Assert.Equal(-((none + 2 + (2.0 / 3)) + (none + 2)) / 2, numbers["em/kl"], precision: 10);
        Assert.Equal(1.5 * 1.5 / 1.25, numbers["em/effective_samples"], precision: 12);
        Assert.Equal((1, 1, 1), (numbers["em/always_solved"], numbers["em/sometimes_solved"], numbers["em/never_solved"]));
        Assert.Equal((1, 1), (numbers["em/newly_solved"], numbers["em/lost"]));
        Assert.DoesNotContain(Measure.Lost, new EmDiagnostics(comparesWithBefore: false).Measures().Select(entry => entry.Measure));
    }

    // log p was -1 for both; now -0.5 (drawn twice) and -3 (once): (2 * 0.5 + 1 * -2) / 3.
    [Fact]
    public void Predicted_gain_counts_a_completion_as_often_as_it_was_drawn()
    {
        var gain = new PredictedGain();
        Assert.Null(gain.Value);
        gain.Add(2, -1, -0.5);
        gain.Add(1, -1, -3);
        Assert.Equal(-1.0 / 3, gain.Value!.Value, precision: 12);
    }

    private static Sample Sample { get; } = new(
        new Completion { ProblemId = "p", Index = 0, TokenIds = [1], Text = "", FinishReason = FinishReason.EndOfText, LogProbability = -1 },
        new Finding { Verdict = Verdict.Correct, Reason = "r" });
}
