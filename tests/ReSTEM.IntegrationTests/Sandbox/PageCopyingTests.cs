using System.Globalization;
using System.Text;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>A child that got copies of its memory ahead against one whose pages the kernel copies: all that it can see is the same but for the number of page faults and the peak of its memory.</summary>
public sealed class PageCopyingTests
{
    private const string Addresses = """
        import decimal, mmap, resource
        class Thing:
            pass
        things = [Thing() for _ in range(3000)]
        print([id(thing) for thing in things][::100])
        print([things.index(thing) for thing in set(things)][:200])
        print([id(bytes(2 ** size)) for size in range(24)])
        print([id([None] * 3 ** size) for size in range(14)])
        print(id(Thing), id(Thing.__init__), id(decimal.Decimal(1) / 7), id("a".join("bc")), id(print), hash(None))
        print(resource.getrlimit(resource.RLIMIT_AS))
        held = []
        try:
            while True:
                held.append(bytearray(1 << 20))
        except MemoryError:
            print(len(held))
        """;

    private const string Faults = "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)";
    private static readonly int[] Loads = [100, 10_000, 300_000];

    [SandboxFact]
    public async Task Objects_have_the_same_addresses_and_programs_the_same_memory()
    {
        string copied = await OutputAsync(PageCopying.Always, Addresses);
        Assert.Equal(await OutputAsync(PageCopying.Never, Addresses), copied);
        Assert.Equal(await OutputAsync(PageCopying.Measured, Addresses), copied);
    }

    [LargePagesFact]
    public async Task Copies_take_the_place_of_page_faults()
    {
        int one = int.Parse(await OutputAsync(PageCopying.Never, Faults), CultureInfo.InvariantCulture);
        int other = int.Parse(await OutputAsync(PageCopying.Always, Faults), CultureInfo.InvariantCulture);
        Assert.True(other < one / 2, $"{other} page faults with copies, {one} without");
    }

    [SandboxFact]
    public async Task A_run_leaves_nothing_in_the_next()
    {
        await using var sandbox = new CodeSandbox(VerifierFixture.Options with { WorkerCount = 1, PageCopying = PageCopying.Always });
        foreach (int load in Loads)
        {
            string program = $"import json\nassert not hasattr(json, 'left')\njson.left = list(range({load}))\njson.dumps = None\nint.__doc__\nprint(sum(json.left))";
            Assert.Equal($"{(long)load * (load - 1) / 2}\n", await OutputAsync(sandbox, program));
        }

        Assert.Equal("[1]\n", await OutputAsync(sandbox, "import json\nprint(json.dumps([1]))"));
    }

    private static async Task<string> OutputAsync(PageCopying copying, string program)
    {
        await using var sandbox = new CodeSandbox(VerifierFixture.Options with { WorkerCount = 1, PageCopying = copying, Limits = TestLimits.Hoarding });
        return await OutputAsync(sandbox, program);
    }

    private static async Task<string> OutputAsync(CodeSandbox sandbox, string program)
    {
        byte[] payload = PyCodec.Encode(PyValue.TupleOf(PyValue.ListOf([PyValue.Of(program)]), PyValue.Of(Encoding.UTF8.GetBytes(""))));
        var run = await sandbox.RunSubmissionAsync(RunMode.StandardIo, payload, CancellationToken.None);
        Assert.True(run is { End: RunEnd.Ended, ExitStatus: 0 }, $"{run.End} {run.ExitStatus} {run.Signal} {run.StandardError}");
        return Encoding.UTF8.GetString(run.Output.Span);
    }
}
