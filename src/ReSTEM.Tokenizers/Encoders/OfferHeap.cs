using System.Buffers;

namespace ReSTEM.Tokenizers;

/// <summary>A queue of possible merges, lowest rank first, of equal ranks the leftmost: a binary heap in a rented array.</summary>
internal sealed class OfferHeap(int capacity) : IDisposable
{
    private long[] _offers = ArrayPool<long>.Shared.Rent(capacity);
    private int _count;

    internal void Add(int rank, int position)
    {
        long offer = ((long)rank << 32) | (uint)position;
        int place = _count++;
        while (place > 0 && _offers[(place - 1) / 2] > offer)
        {
            _offers[place] = _offers[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _offers[place] = offer;
    }

    internal bool TryTake(out int rank, out int position)
    {
        if (_count == 0)
        {
            (rank, position) = (0, 0);
            return false;
        }

        long first = _offers[0];
        long last = _offers[--_count];
        int place = 0;
        while ((2 * place) + 1 < _count)
        {
            int child = (2 * place) + 1;
            child += child + 1 < _count && _offers[child + 1] < _offers[child] ? 1 : 0;
            if (_offers[child] >= last)
            {
                break;
            }

            _offers[place] = _offers[child];
            place = child;
        }

        _offers[place] = last;
        (rank, position) = ((int)(first >> 32), (int)first);
        return true;
    }

    public void Dispose()
    {
        ArrayPool<long>.Shared.Return(_offers);
        _offers = [];
    }
}
