using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>Hands out requests in batches of one prompt. Safe for several threads.</summary>
internal sealed class WorkSource(IEnumerable<SampleRequest> requests, int most) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IEnumerator<SampleRequest> _requests = requests.GetEnumerator();
    private SampleRequest? _next;
    private bool _hasBegun;

    /// <summary>The next ones, which follow each other and share prompt and options; null when there are no more.</summary>
    internal IReadOnlyList<SampleRequest>? Take()
    {
        lock (_lock)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                Advance();
            }

            if (_next is not { } first)
            {
                return null;
            }

            List<SampleRequest> batch = [];
            while (_next is { } request && batch.Count < most && ReferenceEquals(request.Options, first.Options)
                && (ReferenceEquals(request.PromptIds, first.PromptIds) || request.PromptIds.SequenceEqual(first.PromptIds)))
            {
                batch.Add(request);
                Advance();
            }

            return batch;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _requests.Dispose();
        }
    }

    private void Advance() => _next = _requests.MoveNext() ? _requests.Current : null;
}
