using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>A prompt that is computed once for all its samples in a lane; lives as long as one of them is being drawn, or may still come.</summary>
internal sealed class SharedPrompt(IReadOnlyList<int> ids, IDecoderSequence sequence)
{
    private int _users;

    internal IReadOnlyList<int> Ids => ids;

    internal IDecoderSequence Sequence => sequence;

    /// <summary>Tokens computed so far.</summary>
    internal int Done { get; set; }

    internal bool IsReady => Done == ids.Count;

    internal bool Serves(SampleRequest request) => AreSame(ids, request.PromptIds);

    internal void AddUser() => _users++;

    /// <summary>Gives the sequence back if that was the last user, and says so.</summary>
    internal bool RemoveUser()
    {
        if (--_users > 0)
        {
            return false;
        }

        sequence.Dispose();
        return true;
    }

    internal static bool AreSame(IReadOnlyList<int> left, IReadOnlyList<int> right) =>
        ReferenceEquals(left, right) || left.SequenceEqual(right);
}
