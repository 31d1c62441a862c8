using System.Diagnostics;
using ReSTEM.AnswerMutants;

// [FROM [TO]]: builds ReSTEM.Answers with each mutant of mutants.txt in turn and runs the tests of the math checker on it. A mutant is killed when a
// test fails; those that survive are printed, and the exit status is 1 when there are any. Needs ../shared/data, as the tests do.
string root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));
string list = Path.Combine(root, "tests", "ReSTEM.AnswerMutants", "mutants.txt");
var mutants = Mutant.ReadAll(list);
int from = args.Length > 0 ? int.Parse(args[0]) : 1;
int to = args.Length > 1 ? int.Parse(args[1]) : mutants.Count;
string tests = Path.Combine(root, "artifacts", "bin", "ReSTEM.Tests", "release");
Run("dotnet", ["build", Path.Combine(root, "tests", "ReSTEM.Tests"), "-c", "Release", "-v", "quiet", "--nologo"], root);

string work = Path.Combine(root, "artifacts", "mutants");
if (Directory.Exists(work))
{
    Directory.Delete(work, true);
}

foreach (string project in (string[])["ReSTEM.Arithmetic", "ReSTEM.Core", "ReSTEM.Answers"])
{
    Copy(Path.Combine(root, "src", project), Path.Combine(work, "src", project));
}

foreach (string file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json"])
{
    File.Copy(Path.Combine(root, file), Path.Combine(work, file));
}

Copy(tests, Path.Combine(work, "tests"));
string[] filters =
[
    "TruthTable|FullyQualifiedName~TwinTests|FullyQualifiedName~CollectedCases", // a second; the rest takes longer
    "Tests.Math|FullyQualifiedName~Answer|FullyQualifiedName~Choice|FullyQualifiedName~GeneratedNeighbour|FullyQualifiedName~FuzzTests|FullyQualifiedName~Ball",
];
if (!Array.TrueForAll(filters, Passes))
{
    Console.Error.WriteLine("error: the tests fail without any mutant; mend them first (./restem test).");
    return 2;
}

int survived = 0;
foreach (var mutant in mutants.Where(mutant => mutant.Number >= from && mutant.Number <= to))
{
    string path = Path.Combine(work, "src", "ReSTEM.Answers", mutant.File);
    string source = File.ReadAllText(path);
    File.WriteAllText(path, mutant.Applied(source));
    var (built, log) = Run(
        "dotnet",
        ["build", Path.Combine(work, "src", "ReSTEM.Answers"), "-c", "Release", "-v", "quiet", "--nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false"],
        work);
    File.WriteAllText(path, source);
    string outcome = "does not build: " + log;
    if (built == 0)
    {
        File.Copy(Path.Combine(work, "artifacts", "bin", "ReSTEM.Answers", "release", "ReSTEM.Answers.dll"), Path.Combine(work, "tests", "ReSTEM.Answers.dll"), true);
        outcome = Array.TrueForAll(filters, Passes) ? "survived" : "killed";
    }

    survived += outcome == "killed" ? 0 : 1;
    Console.WriteLine($"{mutant.Number,4} {outcome,-8} {mutant.File}: {mutant.Old}  ->  {mutant.New}");
}

Console.WriteLine($"{to - from + 1 - survived} of {to - from + 1} mutants killed");
return survived == 0 ? 0 : 1;

bool Passes(string filter) =>
    Run("dotnet", ["vstest", Path.Combine(work, "tests", "ReSTEM.Tests.dll"), "--TestCaseFilter:FullyQualifiedName~" + filter], work).Status == 0;

static void Copy(string source, string target)
{
    foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
    {
        string copy = Path.Combine(target, Path.GetRelativePath(source, file));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy, true);
    }
}

static (int Status, string Output) Run(string program, string[] arguments, string folder)
{
    var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
    using var process = Process.Start(start)!;
    var errors = process.StandardError.ReadToEndAsync();
    string output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return (process.ExitCode, output + errors.Result);
}
