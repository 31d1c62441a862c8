using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.CrashCampaign;

/// <summary>What can happen to a run. Each gives null when the run came out right, or what was wrong.</summary>
/// <param name="whole">A prepared folder with a complete run that nothing disturbed.</param>
/// <param name="bits">Its bits.</param>
/// <param name="shim">Library between process and file system; null without a C compiler.</param>
/// <param name="calls">Calls of a whole run that the library counts.</param>
/// <param name="time">A whole run takes.</param>
internal sealed class Disturbances(Workload whole, string bits, string? shim, int calls, TimeSpan time)
{
    private static readonly string[] Settings = ["seed: 3|seed: 4", "samples: 4,|samples: 5,", "epochs: 2|epochs: 3", "temperature: 0.7|temperature: 0.8", "use: base|use: always"];

    /// <summary>SIGKILL at a random moment, again and again, then undisturbed.</summary>
    internal string? RandomKill(Workload work, RandomSequence random)
    {
        for (int kills = random.Between(1, 3); kills > 0; kills--)
        {
            work.Start(killAfter: time * random.Uniform());
        }

        return GoesOn(work);
    }

    /// <summary>SIGKILL at one call of the file system.</summary>
    internal string? KillAtCall(Workload work, RandomSequence random)
    {
        work.Start(Shim(work, "kill", random.Below(calls)));
        return GoesOn(work);
    }

    /// <summary>Dies at one call, and what was not flushed is lost.</summary>
    internal string? PowerCut(Workload work, RandomSequence random)
    {
        string shadow = work.At("shadow");
        Directory.CreateDirectory(shadow);
        Directory.CreateDirectory(work.Run);
        var environment = new Dictionary<string, string>(Shim(work, "kill", random.Below(calls))) { ["SHIM_SHADOW"] = shadow };
        work.Start(environment);
        Directory.Delete(work.Run, recursive: true);
        Rebuild(shadow, "root", work.Run);
        return GoesOn(work);
    }

    /// <summary>The disk is full, or faulty, from one call on.</summary>
    internal string? FaultyDisk(Workload work, RandomSequence random)
    {
        bool isFull = random.Below(2) == 0;
        var outcome = work.Start(Shim(work, isFull ? "full" : "fault", random.Below(calls)));
        string word = isFull ? "space" : "disk";
        bool isTold = outcome.ExitCode == 0 || (outcome.ExitCode is 1 or 2 && outcome.Errors.Contains("error: ", StringComparison.Ordinal)
            && outcome.Errors.Contains(Path.Combine("runs", Workload.Name), StringComparison.Ordinal) && outcome.Errors.Contains(word, StringComparison.OrdinalIgnoreCase));
        return isTold ? GoesOn(work) : $"{(isFull ? "a full disk" : "a faulty disk")} was not told: {outcome}";
    }

    /// <summary>One bit of one file of a run, whole or killed, is flipped.</summary>
    internal string? FlippedBit(Workload work, RandomSequence random)
    {
        if (random.Below(2) == 0)
        {
            work.CopyOf(whole);
        }
        else
        {
            work.Start(killAfter: time * (0.3 + (0.7 * random.Uniform())));
        }

        Directory.CreateDirectory(work.Run);
        string[] files =
        [
            .. Directory.EnumerateFiles(work.Run, "*", SearchOption.AllDirectories)
                .Where(file => new FileInfo(file).Length > 0).Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
        {
            return GoesOn(work);
        }

        string file = files[random.Below(files.Length)];
        byte[] bytes = File.ReadAllBytes(file);
        int place = random.Below(bytes.Length);
        bytes[place] ^= (byte)(1 << random.Below(8));
        File.WriteAllBytes(file, bytes);
        return EndsRightOrNames(work, file, $"byte {place} of {Path.GetRelativePath(work.At(), file)}");
    }

    /// <summary>An input changes between two starts.</summary>
    internal string? ChangedInput(Workload work, RandomSequence random)
    {
        work.Start(killAfter: time * (0.3 + (0.6 * random.Uniform())));
        if (!File.Exists(Path.Combine(work.Run, "identity.json")))
        {
            return GoesOn(work);
        }

        string[] inputs = ["config.yaml", "train.jsonl", "validation.jsonl", "test.jsonl", "shots.jsonl", "model/config.json", "model/tokenizer.json", "model/generation_config.json", "model/model.safetensors"];
        string input = inputs[random.Below(inputs.Length)];
        string path = work.At(input);
        byte[] before = File.ReadAllBytes(path);
        if (input == "config.yaml")
        {
            string[] change = Settings[random.Below(Settings.Length)].Split('|');
            File.WriteAllText(path, File.ReadAllText(path).Replace(change[0], change[1], StringComparison.Ordinal));
        }
        else
        {
            byte[] after = [.. before];
            int digit = Array.FindIndex(after, after.Length / 2, letter => letter is >= (byte)'1' and <= (byte)'8');
            digit = digit < 0 ? Array.FindLastIndex(after, letter => letter is >= (byte)'1' and <= (byte)'8') : digit;
            after[digit]++;
            File.WriteAllBytes(path, after);
        }

        var outcome = work.Start();
        if (outcome.ExitCode is not (1 or 2) || !outcome.Errors.Contains("error: ", StringComparison.Ordinal))
        {
            return $"a change of {input} went unnoticed: {outcome}";
        }

        File.WriteAllBytes(path, before);
        return GoesOn(work);
    }

    /// <summary>Started again it ends as if nothing had been.</summary>
    private string? GoesOn(Workload work)
    {
        var outcome = work.Start();
        if (outcome.ExitCode != 0)
        {
            return $"it did not go on: {outcome}";
        }

        return OtherBits(work, outcome) is { } other ? $"other bits: {other}" : null;
    }

    private string? OtherBits(Workload work, Outcome outcome)
    {
        string[] expected = bits.Split('\n'), actual = work.Bits(outcome.Output).Split('\n');
        return expected.SequenceEqual(actual) ? null : $"{string.Join(", ", actual.Except(expected))} for {string.Join(", ", expected.Except(actual))}";
    }

    private string? EndsRightOrNames(Workload work, string file, string what)
    {
        var outcome = work.Start();
        if (outcome.ExitCode == 0)
        {
            return OtherBits(work, outcome) is { } other ? $"{what} was flipped, and it ended with other bits: {other}" : null;
        }

        bool isNamed = outcome.Errors.Contains("error: ", StringComparison.Ordinal)
            && outcome.Errors.Contains(Path.GetFileName(file).Replace("-wal", "", StringComparison.Ordinal), StringComparison.Ordinal);
        return isNamed ? null : $"{what} was flipped, and the file is not named: {outcome}";
    }

    private Dictionary<string, string> Shim(Workload work, string action, int at) => new()
    {
        ["LD_PRELOAD"] = shim!,
        ["SHIM_ROOT"] = work.Run,
        ["SHIM_ACTION"] = action,
        ["SHIM_AT"] = at.ToString(CultureInfo.InvariantCulture),
    };

    private static void Rebuild(string shadow, string list, string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(shadow, list);
        foreach (string[] entry in File.Exists(path) ? File.ReadLines(path).Select(line => line.Split(' ', 2)) : [])
        {
            string target = Path.Combine(folder, entry[1]), kept = Path.Combine(shadow, entry[0]);
            if (entry[0].StartsWith("folder-", StringComparison.Ordinal))
            {
                Rebuild(shadow, entry[0], target);
            }
            else if (File.Exists(kept))
            {
                File.Copy(kept, target);
            }
            else
            {
                File.WriteAllBytes(target, []); // its name was flushed, and nothing of it
            }
        }
    }
}
