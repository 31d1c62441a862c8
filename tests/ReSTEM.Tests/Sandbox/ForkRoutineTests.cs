using System.Globalization;
using System.Text.RegularExpressions;
using Iced.Intel;

namespace ReSTEM.Tests;

/// <summary>The listing of the sandbox's machine code against a disassembler that nobody here wrote: what is read is what runs.</summary>
public sealed partial class ForkRoutineTests
{
    private static readonly IntelFormatter Formatter = new(new FormatterOptions
    {
        SpaceAfterOperandSeparator = true,
        HexPrefix = "0x",
        HexSuffix = "",
        UppercaseHex = false,
        BranchLeadingZeros = false,
        ShowBranchSize = false,
        MemorySizeOptions = MemorySizeOptions.Minimal,
        SmallHexNumbersInDecimal = true,
    });

    private static readonly List<(ulong Address, byte[] Bytes, string Text)> Listing =
    [
        .. Line().Matches(Repository.Read("sandbox/fork_routine.py")).Select(line => (
            ulong.Parse(line.Groups["address"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            Convert.FromHexString(line.Groups["bytes"].Value.Replace(" ", "", StringComparison.Ordinal)),
            line.Groups["text"].Value)),
    ];

    [Fact]
    public void The_bytes_are_the_instructions_beside_them()
    {
        byte[] code = [.. Listing.SelectMany(line => line.Bytes)];
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code));
        var output = new StringOutput();
        foreach (var (address, bytes, text) in Listing)
        {
            Assert.Equal(address, decoder.IP);
            decoder.Decode(out var instruction);
            Formatter.Format(instruction, output);
            Assert.Equal((text, bytes.Length), (output.ToStringAndReset(), instruction.Length));
        }

        Assert.Equal((ulong)code.Length, decoder.IP);
    }

    [Fact]
    public void It_gives_back_the_stack_and_the_registers_that_are_the_callers()
    {
        string[] texts = [.. Listing.Select(line => line.Text)];
        Assert.Equal(["push rbx", "push rbp", "push r12", "sub rsp, 0x10"], texts[..4]);
        Assert.Equal(["add rsp, 0x10", "pop r12", "pop rbp", "pop rbx", "ret"], texts[^5..]);
        Assert.DoesNotContain(texts[4..^5], text => text.StartsWith("push", StringComparison.Ordinal) || text.StartsWith("pop", StringComparison.Ordinal)
            || text.StartsWith("ret", StringComparison.Ordinal) || Kept().IsMatch(text));
        ulong[] starts = [.. Listing.Select(line => line.Address)];
        Assert.All(texts.Select(text => Jump().Match(text)).Where(jump => jump.Success), jump => Assert.Contains(
            ulong.Parse(jump.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture), starts));
    }

    [GeneratedRegex(@"^(?<address>[0-9a-f]{4})  (?<bytes>(?:[0-9a-f]{2} )+) *(?<text>[^;\n]*[^; \n])", RegexOptions.Multiline)]
    private static partial Regex Line();

    // Registers that a callee must keep, and that the routine does not save.
    [GeneratedRegex(@"\b(?:r13|r14|r15)\b|^(?:add|sub|mov|lea) rsp,")]
    private static partial Regex Kept();

    [GeneratedRegex(@"^j[a-z]+ 0x([0-9a-f]+)$")]
    private static partial Regex Jump();
}
