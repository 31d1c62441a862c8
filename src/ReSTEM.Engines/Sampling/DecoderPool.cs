namespace ReSTEM.Engines;

/// <summary>Decoders of a model that are opened when they are needed and kept for the next time. The model goes with the last use of them.</summary>
internal sealed class DecoderPool(IDecoderModel model) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<IDecoder> _idle = new();
    private int _uses;
    private bool _isClosed;

    /// <summary>Begins a use of the pool, however many decoders it will borrow and when: until it is disposed of, the model stays.</summary>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    internal IDisposable Begin()
    {
        lock (_lock)
        {
            ThrowIfClosed();
            _uses++;
        }

        return new Use(this);
    }

    /// <summary>Lends a decoder to <paramref name="use"/>, inside what <see cref="Begin"/> began; one that has failed is not used again.</summary>
    internal void Lend(Action<IDecoder> use)
    {
        IDecoder? decoder = null;
        bool isSound = false;
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
            Return(decoder, isSound);
        }
    }

    internal void ThrowIfClosed()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(DecoderPolicy));
        }
    }

    /// <summary>Refuses further uses; those that have begun go on, and the last of them releases everything.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                ReleaseUnused();
            }
        }
    }

    private IDecoder? TakeIdle()
    {
        lock (_lock)
        {
            return _idle.TryPop(out IDecoder? decoder) ? decoder : null;
        }
    }

    private void Return(IDecoder? decoder, bool isSound)
    {
        lock (_lock)
        {
            if (isSound && decoder is not null)
            {
                _idle.Push(decoder);
            }
            else
            {
                decoder?.Dispose();
            }
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _uses--;
            if (_isClosed)
            {
                ReleaseUnused();
            }
        }
    }

    private void ReleaseUnused()
    {
        if (_uses > 0)
        {
            return;
        }

        while (_idle.TryPop(out IDecoder? decoder))
        {
            decoder.Dispose();
        }

        model.Dispose();
    }

    private sealed class Use(DecoderPool pool) : IDisposable
    {
        public void Dispose() => pool.End();
    }
}
