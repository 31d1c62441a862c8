using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>Requests with one prompt that follow each other, and how many lanes are at it.</summary>
internal sealed class PromptRun(IReadOnlyList<int> promptIds)
{
    private readonly LinkedList<SampleRequest> _waiting = new();

    internal int Count => _waiting.Count;

    internal int LaneCount { get; set; }

    internal bool Continues(SampleRequest request) => SharedPrompt.AreSame(promptIds, request.PromptIds);

    internal void Add(SampleRequest request) => _waiting.AddLast(request);

    internal void PutBack(SampleRequest request) => _waiting.AddFirst(request);

    internal SampleRequest Take()
    {
        SampleRequest first = _waiting.First!.Value;
        _waiting.RemoveFirst();
        return first;
    }
}
