using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class PhiloxTests
{
    // Known answers published with the generator (Random123, kat_vectors, philox4x32 10).
    [Theory]
    [InlineData(0x00000000u, 0x00000000u, 0x00000000u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    public void Block_gives_the_published_known_answers(
        uint counter, uint key0, uint key1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Block((key0, key1), (counter, counter, counter, counter)));

    [Fact]
    public void Block_gives_the_published_answer_for_the_digits_of_pi() =>
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block((0xa4093822u, 0x299f31d0u), (0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u)));

    [Fact]
    public void Streams_of_other_purpose_iteration_problem_or_sample_differ()
    {
        var stream = RandomStream.Of(1, RandomPurpose.EStep);
        var blocks = new[]
        {
            stream.Block(0), stream.Block(1), RandomStream.Of(2, RandomPurpose.EStep).Block(0),
            RandomStream.Of(1, RandomPurpose.Evaluation).Block(0), stream.At(1, "", 0).Block(0),
            stream.At(0, "a", 0).Block(0), stream.At(0, "", 1).Block(0),
        };
        Assert.Equal(blocks.Length, blocks.Distinct().Count());
    }

    [Fact]
    public void A_stream_is_the_one_of_its_address()
    {
        RandomStream stream = RandomStream.Of(7, RandomPurpose.EStep).At(3, "problem", 21);
        RandomStream same = RandomStream.OfAddress(stream.Address)!.Value;
        Assert.Equal(stream, same);
        Assert.Equal(stream.Block(5), same.Block(5));
        Assert.NotEqual(stream.Address, RandomStream.Of(7, RandomPurpose.EStep).At(3, "problem", 22).Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("012345678901234567890123456789012345678")]
    [InlineData("0123456789012345678901234567890123456789a")]
    [InlineData("0123456789 12345678901234567890123456789")]
    [InlineData("g123456789012345678901234567890123456789")]
    public void Texts_that_are_no_address_are_none(string text) => Assert.Null(RandomStream.OfAddress(text));
}
