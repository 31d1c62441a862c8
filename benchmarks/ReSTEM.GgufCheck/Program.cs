using System.Globalization;
using ReSTEM.GgufCheck;
using ReSTEM.Tests;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var data, .. var rest])
{
    Console.Error.WriteLine("usage: DATA_FOLDER [RESULT.md]");
    return 2;
}

LlamaCpp.Start();
string scratch = Directory.CreateTempSubdirectory("gguf-check-").FullName;
try
{
    List<LogitRow> folders = [], variants = [];
    foreach (string folder in Directory.GetDirectories(Path.Combine(data, "models")).Order(StringComparer.Ordinal))
    {
        folders.Add(Add(LogitCheck.Of(Path.GetFileName(folder), folder, scratch)));
    }

    foreach (var (name, config) in FamilyModels.All.Concat(Variants.All))
    {
        string folder = Directory.CreateDirectory(Path.Combine(scratch, name)).FullName;
        FamilyModels.Write(folder, config, seed: 3);
        variants.Add(Add(LogitCheck.Of(name, folder, scratch)));
    }

    List<TokenRow> tokens = [];
    foreach (string name in (string[])["llama3", "qwen3", "gpt2", "mistral_v01_as_llama2", "gemma3"])
    {
        tokens.Add(TokenCheck.Of(data, name, scratch));
        Console.WriteLine($"{name}: {tokens[^1].Equal} of {tokens[^1].Count} texts, {tokens[^1].Back} back");
        Console.WriteLine(string.Join('\n', tokens[^1].Others));
    }

    var stripping = TokenCheck.Stripping(data, scratch);
    Console.WriteLine($"tokens that take white space with them: {stripping.Count - stripping.Others.Count} of {stripping.Count} texts");
    Console.WriteLine(string.Join('\n', stripping.Others));
    if (rest is [var result])
    {
        Report.Write(result, folders, variants, tokens, stripping);
    }

    return folders.Concat(variants).All(row => row.Passed) && tokens.All(row => row.Passed) && stripping.Others.Count == 0 ? 0 : 1;
}
finally
{
    Directory.Delete(scratch, recursive: true);
}

static LogitRow Add(LogitRow row)
{
    string off = string.Join(", ", row.Off.Select(pair => $"{pair.Key} {pair.Value:G2}"));
    Console.WriteLine(row.Refused.Length > 0 ? $"{row.Name}: refused: {row.Refused}"
        : $"{row.Name}: {(row.Passed ? "passed" : "FAILED")}: largest logit {row.Largest:F1}, off by {off}{(row.OffWithoutGelu is { } without ? $", without GELU {without:G2}" : "")}; greedy {(row.SameGreedy ? "equal" : "different")}");
    return row;
}
