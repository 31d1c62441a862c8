using System.Globalization;
using BenchmarkDotNet.Running;
using ReSTEM.AnswerBenchmarks;

// answers DATA_FOLDER [PAIRS_FILE]: speed over the MATH answers, and the same pairs for sympy_check.py; worst: answers made to take long;
// texts: short texts repeated, as answers and as completions; mixtures [SEED [PARTNERS]]: all that the reader knows, alone and mixed;
// else BenchmarkDotNet.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["answers", var folder, .. var rest])
{
    AnswerSpeed.Report(folder, rest.Length > 0 ? rest[0] : null);
}
else if (args is ["worst"])
{
    WorstCases.Report();
}
else if (args is ["texts"])
{
    WorstTexts.Report();
}
else if (args is ["mixtures", .. var drawn])
{
    WorstMixtures.Report(drawn.Length > 0 ? int.Parse(drawn[0], CultureInfo.InvariantCulture) : 1, drawn.Length > 1 ? int.Parse(drawn[1], CultureInfo.InvariantCulture) : 4);
}
else
{
    BenchmarkSwitcher.FromTypes([typeof(CheckBenchmark)]).Run(args);
}
