namespace ReSTEM.Engines;

/// <summary>Decoders of a model that are opened when they are needed and kept for the next time. The model goes with the last of them.</summary>
internal sealed class DecoderPool(IDecoderModel model) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<IDecoder> _idle = new();
    private int _rented;
    private bool _isClosed;

    /// <summary>Lends a decoder to <paramref name="use"/>; one that has failed is not used again.</summary>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    internal void Lend(Action<IDecoder> use)
    {
        IDecoder? decoder = null;
        bool isSound = false;
        Begin();
        try
        {
            decoder = TakeIdle() ?? model.OpenDecoder();
            use(decoder);
            isSound = true;
        }
        catch (OperationCanceledException)
        {
            isSound = true;
            throw;
        }
        finally
        {
            End(decoder, isSound);
        }
    }

    internal void ThrowIfClosed()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(DecoderPolicy));
        }
    }

    /// <summary>Decoders that are lent are disposed when they come back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                ReleaseIdle();
            }
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(DecoderPolicy));
            _rented++;
        }
    }

    private IDecoder? TakeIdle()
    {
        lock (_lock)
        {
            return _idle.TryPop(out IDecoder? decoder) ? decoder : null;
        }
    }

    private void End(IDecoder? decoder, bool isSound)
    {
        lock (_lock)
        {
            _rented--;
            if (isSound && decoder is not null)
            {
                _idle.Push(decoder);
            }
            else
            {
                decoder?.Dispose();
            }

            if (_isClosed)
            {
                ReleaseIdle();
            }
        }
    }

    private void ReleaseIdle()
    {
        while (_idle.TryPop(out IDecoder? decoder))
        {
            decoder.Dispose();
        }

        if (_rented == 0)
        {
            model.Dispose();
        }
    }
}
