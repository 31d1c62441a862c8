using System.Numerics;
using ReSTEM.Sandbox;

namespace ReSTEM.Tests;

public sealed class PyValueTests
{
    private static readonly PyValue One = PyValue.Of(BigInteger.One);
    private static readonly PyValue[] Samples =
    [
        PyValue.None, PyValue.Of(true), One, PyValue.Of(BigInteger.Pow(-7, 100)), PyValue.Of(0.1), PyValue.Of(double.NaN),
        PyValue.Of("caf\u00e9 \ud83d\ude00"), PyValue.Of("lone \ud800 surrogate"), PyValue.Of(new byte[] { 0, 255 }),
        PyValue.ListOf([One, PyValue.TupleOf(PyValue.None)]), PyValue.Collection(PyKind.Dict, PyValue.Of("k"), One),
        PyValue.Collection(PyKind.Range, One, One, One), PyValue.Collection(PyKind.Set), new() { Kind = PyKind.Type, Text = "int" },
        new() { Kind = PyKind.Handle, HandleNumber = 3, Text = "Node" }, new() { Kind = PyKind.Complex, Number = new Complex(1, -2) },
    ];

    [Fact]
    public void Every_kind_survives_the_way_there_and_back() =>
        Assert.All(Samples, value => Assert.Equal(PyCodec.Encode(value), PyCodec.Encode(PyCodec.Decode(PyCodec.Encode(value)))));

    [Fact]
    public void Cut_or_altered_bytes_are_refused_or_read_as_some_value_and_nothing_else()
    {
        foreach (byte[] bytes in Samples.Select(PyCodec.Encode))
        {
            for (int position = 0; position < bytes.Length; position++)
            {
                Assert.Throws<InvalidDataException>(() => PyCodec.Decode(bytes.AsSpan(0, position)));
                byte[] altered = [.. bytes];
                altered[position] ^= 0x55;
                try
                {
                    PyCodec.Decode(altered);
                }
                catch (InvalidDataException)
                {
                    // The only exception that hostile bytes may cause.
                }
            }
        }
    }

    [Fact]
    public void A_false_length_asks_for_no_memory() =>
        Assert.Throws<InvalidDataException>(() => PyCodec.Decode([(byte)'l', 0xff, 0xff, 0xff, 0xff, (byte)'N']));

    [Fact]
    public void Endless_nesting_is_refused() =>
        Assert.Throws<InvalidDataException>(() => PyCodec.Decode([.. Enumerable.Repeat<byte[]>([(byte)'l', 1, 0, 0, 0], 100_000).SelectMany(part => part)]));

    // The left column holds in Python 3: 1 == 1.0 == True, [1] != (1,), {1, 2} == {2.0, 1}, 2**53 + 1 != 2.0**53.
    [Fact]
    public void Equality_is_that_of_Python()
    {
        Assert.True(PyEquality.AreEqual(One, PyValue.Of(1.0)));
        Assert.True(PyEquality.AreEqual(One, PyValue.Of(true)));
        Assert.False(PyEquality.AreEqual(PyValue.ListOf([One]), PyValue.TupleOf(One)));
        Assert.True(PyEquality.AreEqual(
            PyValue.Collection(PyKind.Set, One, PyValue.Of(new BigInteger(2))), PyValue.Collection(PyKind.FrozenSet, PyValue.Of(2.0), PyValue.Of(true))));
        Assert.False(PyEquality.AreEqual(PyValue.Of(BigInteger.Pow(2, 53) + 1), PyValue.Of(Math.Pow(2, 53))));
        Assert.False(PyEquality.AreEqual(PyValue.Of(double.NaN), PyValue.Of(double.NaN)));
        Assert.False(PyEquality.AreEqual(PyValue.Of("1"), One));
        Assert.False(PyEquality.AreEqual(PyValue.None, PyValue.Of(false)));
    }

    [Fact]
    public void Strict_equality_tells_types_apart_at_every_level()
    {
        Assert.False(PyEquality.AreSame(One, PyValue.Of(1.0)));
        Assert.False(PyEquality.AreSame(PyValue.ListOf([One]), PyValue.ListOf([PyValue.Of(true)])));
        Assert.True(PyEquality.AreSame(ArgumentJson.Parse("""{"a": [1, 2.5, null, "x"]}"""), ArgumentJson.Parse("""{"a": [1, 2.5, null, "x"]}""")));
    }

    [Fact]
    public void Dicts_compare_without_order_and_never_count_a_key_twice()
    {
        var two = PyValue.Of(new BigInteger(2));
        Assert.True(PyEquality.AreEqual(
            PyValue.Collection(PyKind.Dict, One, two, two, One), PyValue.Collection(PyKind.Dict, two, One, One, two)));
        Assert.False(PyEquality.AreEqual(
            PyValue.Collection(PyKind.Dict, One, two, One, two), PyValue.Collection(PyKind.Dict, One, two, two, two)));
    }
}
