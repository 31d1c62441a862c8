using System.Globalization;
using System.Text;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>One round of checks.</summary>
/// <param name="Passed">How many were found right.</param>
/// <param name="Wall">Seconds by the clock on the wall.</param>
/// <param name="Cpu">CPU seconds of all processes that take part.</param>
internal readonly record struct RateRow(int Passed, double Wall, double Cpu);

/// <summary>The best round of each way by CPU time, as a table.</summary>
internal sealed class RatesReport(int rounds, int checks)
{
    public const string Own = "ReSTEM's sandbox, all layers";

    private readonly List<(string Set, string Name, List<RateRow> Rounds)> _rows = [];

    public void Add(string set, string name, RateRow round)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set}, {name}: {round.Passed} passed, {round.Wall:F2} s, CPU {round.Cpu:F2} s"));
        var found = _rows.Find(row => row.Set == set && row.Name == name).Rounds;
        if (found is null)
        {
            _rows.Add((set, name, found = []));
        }

        found.Add(round);
    }

    public async Task WriteAsync(string output)
    {
        var text = new StringBuilder("# Rates of the code sandbox\n\n");
        string processor = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim();
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        text.Append(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores ({processor}), load average {load} with this program's own share. ");
        text.Append(CultureInfo.InvariantCulture, $"{checks} checks one after the other, the ways in turn, best of {rounds} rounds by CPU time.\n");
        text.Append("A check is a whole HumanEval problem or one stdin test. CPU is that of all processes that take part, the host among them;\n");
        text.Append("its inverse is the rate of a free core. The host is warm (five rounds before).\n\n");
        text.Append("    dotnet run -c Release --project benchmarks/ReSTEM.SandboxBenchmarks -- rates ../shared/data RESULT_FILE    # python3-numpy installed\n");
        foreach (var set in _rows.GroupBy(row => row.Set))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n| {set.Key} | passed | checks/s seen | CPU per check | checks/s per free core | ReSTEM is faster |\n|---|--:|--:|--:|--:|--:|\n");
            double own = Best(set.First(row => row.Name == Own).Rounds).Cpu;
            foreach (var (_, name, found) in set)
            {
                var best = Best(found);
                string ratio = name == Own ? "" : string.Create(CultureInfo.InvariantCulture, $"{best.Cpu / own:F1} x");
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {best.Passed} | {checks / best.Wall:F0} | {best.Cpu / checks * 1000:F2} ms | {checks / best.Cpu:F0} | {ratio} |\n");
            }
        }

        Console.WriteLine(text);
        if (output.Length > 0)
        {
            await File.WriteAllTextAsync(output, text.ToString());
        }
    }

    private static RateRow Best(List<RateRow> found) => found.MinBy(round => round.Cpu);
}
