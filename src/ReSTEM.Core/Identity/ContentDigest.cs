using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ReSTEM.Core;

/// <summary>SHA-256 over parts, each with its length before it, so that no two lists of parts are one text.</summary>
public sealed class ContentDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Of problems, whole and in order.</summary>
    public static string Of(IReadOnlyList<Problem> problems)
    {
        using var digest = new ContentDigest();
        foreach (Problem problem in problems)
        {
            digest.Add(problem);
        }

        return digest.Finish();
    }

    /// <summary>Of the tests of a code problem and of its own solution, whatever the problem is called.</summary>
    public static string OfTests(Problem problem)
    {
        using var digest = new ContentDigest();
        digest.Add(problem.Solution);
        digest.Add(problem.Tests);
        return digest.Finish();
    }

    /// <summary>Of training sequences, in order.</summary>
    public static string Of(IEnumerable<TrainingSequence> sequences)
    {
        using var digest = new ContentDigest();
        foreach (TrainingSequence sequence in sequences)
        {
            digest.Add(sequence.PromptLength);
            digest.Add(BitConverter.SingleToInt32Bits(sequence.Weight));
            digest.Add(MemoryMarshal.AsBytes<int>(sequence.TokenIds.ToArray()));
            if (sequence.Continues)
            {
                digest.Add("continues");
            }
        }

        return digest.Finish();
    }

    /// <summary>Of the bytes of a file.</summary>
    public static string OfFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }

    /// <summary>Adds a text, in UTF-8.</summary>
    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a number.</summary>
    public void Add(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Add(bytes);
    }

    /// <summary>The digest of all that was added, lower-case hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void Add(Problem problem)
    {
        Add(problem.Id);
        Add(problem.Task.ToString());
        Add(problem.Prompt);
        Add(problem.Reference);
        Add(problem.Choices);
        Add(problem.Solution);
        Add(problem.Tests);
        Add(problem.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => new[] { entry.Key, entry.Value }).ToList());
        if (problem.Target is { } target)
        {
            Add(target);
        }
    }

    private void Add(LabelTarget target)
    {
        Add(target.Labels);
        Add(target.Verbalisers);
        Add([.. target.Distribution.Select(share => share.ToString("R", CultureInfo.InvariantCulture))]);
        Add(target.Hard);
        Add([.. target.Annotations.Select(label => label.ToString(CultureInfo.InvariantCulture))]);
    }

    private void Add(CodeTests? tests)
    {
        if (tests is null)
        {
            Add("no tests");
            return;
        }

        Add(tests.Form.ToString());
        Add(tests.EntryPoint);
        Add(tests.Preamble);
        Add(tests.CompletionContinuesPreamble ? 1 : 0);
        Add(tests.Starter);
        Add(tests.Repairs.ToString());
        Add(tests.Setup);
        Add(tests.Statements);
        Add(tests.Cases.Count);
        foreach (CodeCase one in tests.Cases)
        {
            Add(one.Input);
            Add(one.Accepted);
            Add(one.Function);
            Add(one.Named);
        }

        Add(tests.Output.ToString());
        Add(tests.Checker);
        Add(tests.SolutionMustPass ? 1 : 0);
        if (tests.Reference is { } reference)
        {
            Add(reference.Source);
            Add(reference.Contract);
            Add(reference.AlsoRight);
            Add(reference.Tolerance.ToString("R", CultureInfo.InvariantCulture));
            Add(reference.Oracle.ToString());
        }
    }

    private void Add(IReadOnlyList<string> texts)
    {
        Add(texts.Count);
        foreach (string text in texts)
        {
            Add(text);
        }
    }
}
