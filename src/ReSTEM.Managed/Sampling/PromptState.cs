using ReSTEM.Core;

namespace ReSTEM.Managed;

/// <summary>A prompt whose keys and values are computed once for all its samples; lives as long as one of them is being drawn.</summary>
internal sealed class PromptState
{
    private readonly float[] _logits;
    private int _users;

    internal PromptState(IReadOnlyList<int> ids, KvMemory memory, int vocabularySize)
    {
        Ids = ids;
        Sequence = new KvSequence(memory, ids.Count);
        BlockCount = KvMemory.BlocksFor(ids.Count);
        _logits = new float[vocabularySize];
    }

    internal IReadOnlyList<int> Ids { get; }

    internal KvSequence Sequence { get; }

    /// <summary>Blocks that it takes.</summary>
    internal int BlockCount { get; }

    /// <summary>Tokens computed so far.</summary>
    internal int Done { get; set; }

    internal bool IsReady => Done == Ids.Count;

    /// <summary>Logits after the whole prompt, [V].</summary>
    internal Span<float> Logits => _logits;

    internal bool Serves(SampleRequest request) => RequestQueue.SamePrompt(Ids, request.PromptIds);

    internal void AddUser() => _users++;

    /// <summary>True if that was the last user; the blocks are then given back.</summary>
    internal bool RemoveUser()
    {
        if (--_users == 0)
        {
            Sequence.Release();
        }

        return _users == 0;
    }
}
