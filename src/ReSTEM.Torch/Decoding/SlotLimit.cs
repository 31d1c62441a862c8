namespace ReSTEM.Torch;

/// <summary>Most slots that a model's lane uses, halved where memory runs short. Safe for several threads.</summary>
/// <param name="count">At first, at least 1.</param>
/// <param name="notice">Is told, in a sentence, when it is halved.</param>
internal sealed class SlotLimit(int count, Action<string> notice)
{
    private readonly Lock _lock = new();
    private int _count = count;

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>False if there is only one.</summary>
    internal bool TryHalve()
    {
        lock (_lock)
        {
            if (_count == 1)
            {
                return false;
            }

            int before = _count;
            _count /= 2;
            notice($"the device ran out of memory: drawing goes on with {_count} slots in place of {before}; engine.slots {_count} avoids the interruption.");
            return true;
        }
    }
}
