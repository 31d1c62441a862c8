using System.Security.Cryptography;

namespace ReSTEM.Sandbox;

/// <summary>Builds batches of operations on a submission's objects, and reads what came of them.</summary>
internal static class Operations
{
    /// <summary>The payload of a batch.</summary>
    /// <param name="sources">Readings of the submission.</param>
    /// <param name="operations">Encoded operations, in order.</param>
    /// <param name="goOn">Whether to go on after an operation that raised.</param>
    public static byte[] Batch(IReadOnlyList<string> sources, IEnumerable<byte[]> operations, bool goOn) =>
        PyCodec.Encode(PyValue.TupleOf(
            PyValue.ListOf(sources.Select(PyValue.Of)),
            PyValue.ListOf(operations.Select(operation => PyValue.Of(operation))),
            PyValue.Of(goOn)));

    /// <summary>Finds the function or method of <c>Solution</c> of a name; gives handle 0 when it is first.</summary>
    public static byte[] Entry(string name) => PyCodec.Encode(PyValue.TupleOf(PyValue.Of("entry"), PyValue.Of(name)));

    /// <summary>Calls handle 0.</summary>
    public static byte[] Call(PyValue arguments) => Call(0, arguments, PyValue.Collection(PyKind.Dict));

    /// <summary>Calls a handle.</summary>
    public static byte[] Call(int handle, PyValue arguments, PyValue named) => PyCodec.Encode(PyValue.TupleOf(
        PyValue.Of("call"), new PyValue { Kind = PyKind.Handle, HandleNumber = handle }, arguments, named));

    /// <summary>Whether a result is one that test code may be given: a value, or an exception's type name and message.</summary>
    public static bool IsWellFormed(ReadOnlyMemory<byte> result)
    {
        try
        {
            var value = PyCodec.Decode(result.Span[1..]);
            return result.Span[0] switch
            {
                (byte)'v' => true,
                (byte)'e' => value is { Kind: PyKind.Tuple, Items: [{ Kind: PyKind.Text }, { Kind: PyKind.Text }, ..] },
                _ => false,
            };
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>A key that equals that of other submissions with the same results, once all are there.</summary>
    public static string? KeyOf(List<ReadOnlyMemory<byte>> results, int expected)
    {
        if (results.Count != expected)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var result in results)
        {
            hash.AppendData(BitConverter.GetBytes(result.Length));
            hash.AppendData(result.Span);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
