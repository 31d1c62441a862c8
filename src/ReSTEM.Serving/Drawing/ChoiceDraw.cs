using System.Threading.Channels;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>A token as it was drawn.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">In nats.</param>
internal readonly record struct SaidToken(int Id, double LogProbability);

/// <summary>One completion that is being drawn: its tokens as they come, then all of it.</summary>
internal sealed class ChoiceDraw
{
    private readonly Channel<SaidToken> _tokens = Channel.CreateUnbounded<SaidToken>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource<Completion> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Ends with the completion.</summary>
    internal ChannelReader<SaidToken> Tokens => _tokens.Reader;

    /// <summary>All of it.</summary>
    internal Task<Completion> Completion => _completion.Task;

    /// <summary>Takes a token; those that are told again after a new beginning are the same.</summary>
    internal void Take(int position, int id, double logProbability)
    {
        if (position == _count)
        {
            _count++;
            _tokens.Writer.TryWrite(new SaidToken(id, logProbability));
        }
    }

    internal void Finish(Completion completion)
    {
        _completion.TrySetResult(completion);
        _tokens.Writer.TryComplete();
    }

    internal void Fail(Exception fault)
    {
        _completion.TrySetException(fault);
        _ = _completion.Task.Exception; // whoever waits has it; where nobody does, that is no fault of its own
        _tokens.Writer.TryComplete();
    }
}
