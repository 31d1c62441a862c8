using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

public sealed class RequestQueueTests
{
    [Theory]
    [InlineData("aaaaaaaaaaaaaaaa", "aaaaaaaa aaaaaaaa")] // one prompt is split
    [InlineData("aaaaaaaabbbbbbbb", "aaaaaaaa bbbbbbbb")]
    [InlineData("aaaabbbbccccdddd", "aaaabbbb ccccdddd")]
    [InlineData("aaaaaaabbbb", "aaaaaa abbbb")] // the share is 6; what is left of a run that another lane has begun is taken last
    [InlineData("a", "a ")]
    [InlineData("", " ")]
    public void Runs_of_a_prompt_stay_together_as_far_as_the_shares_allow(string prompts, string expected)
    {
        using var queue = Queue(prompts, [64, 64]);
        string[] lanes = [.. expected.Split(' ')];
        Assert.Equal(Sorted(lanes[0]), Sorted(TakeAll(queue, 0)));
        Assert.Equal(Sorted(lanes[1]), Sorted(TakeAll(queue, 1)));
    }

    [Fact]
    public void Share_follows_what_is_left()
    {
        using var queue = Queue(new string('a', 12), [64, 64]);
        Assert.Equal(6, TakeAll(queue, 0).Length);
        Assert.Equal(6, TakeAll(queue, 1).Length);
        for (int i = 0; i < 6; i++)
        {
            queue.Finish(1);
        }

        Assert.Equal("", TakeAll(queue, 0));
        Assert.Equal("", TakeAll(queue, 1)); // nothing waits: this lane is done
    }

    [Fact]
    public void Lane_with_little_takes_what_waits_at_another()
    {
        using var queue = Queue(new string('a', 20), [4, 4]);
        Assert.Equal("aaaa", TakeAll(queue, 0));
        Assert.Equal("aaaa", TakeAll(queue, 1));
        queue.Finish(1);
        Assert.Equal("a", TakeAll(queue, 1));
    }

    [Fact]
    public void Request_put_back_is_for_any_lane()
    {
        using var queue = Queue("ab", [4, 4]);
        SampleRequest first = queue.Take(0)!;
        SampleRequest second = queue.Take(1)!;
        queue.PutBack(1, second);
        Assert.Null(queue.Take(0)); // has its share of two
        queue.Leave(1);
        Assert.Same(second, queue.Take(0)); // a lane that is left has all of it
        Assert.NotSame(first, second);
    }

    [Fact]
    public void Looks_ahead_by_as_many_requests_as_there_are_slots()
    {
        int pulled = 0;
        IEnumerable<SampleRequest> Endless()
        {
            while (true)
            {
                yield return Request('a', pulled++);
            }
        }

        using var queue = Queue(Endless(), [3, 2]);
        queue.Take(0);
        Assert.Equal(5, pulled);
        Assert.Equal("aa", TakeAll(queue, 0));
        Assert.Equal("aa", TakeAll(queue, 1));
        Assert.Equal(10, pulled); // the takes that got nothing looked too
    }

    private static RequestQueue Queue(string prompts, int[] laneSlots) => Queue(prompts.Select(Request), laneSlots);

    private static RequestQueue Queue(IEnumerable<SampleRequest> requests, int[] laneSlots)
    {
        var model = new BigramModel(BigramWeights.Random(), new BigramOptions { LaneSlots = laneSlots });
        return new RequestQueue(requests, new RequestLimits(model, hasTokenizer: true), laneSlots);
    }

    private static SampleRequest Request(char prompt, int index) => PolicyUse.Request([prompt - ' '], new SamplingOptions(), $"{prompt}", index);

    private static string TakeAll(RequestQueue queue, int lane)
    {
        string taken = "";
        while (queue.Take(lane) is { } request)
        {
            taken += request.ProblemId;
        }

        return taken;
    }

    private static string Sorted(string text) => string.Concat(text.Order());
}
