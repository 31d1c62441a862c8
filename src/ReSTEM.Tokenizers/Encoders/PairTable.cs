namespace ReSTEM.Tokenizers;

/// <summary>A table from pairs of non-negative numbers to a number: open addressing without removal, for millions of look-ups a second.</summary>
internal sealed class PairTable
{
    private const long Free = -1;

    private long[] _keys;
    private long[] _values;
    private int _count;

    internal PairTable(int capacity)
    {
        int size = 16;
        while (size < 2L * capacity && size < 1 << 30)
        {
            size *= 2;
        }

        _keys = new long[size];
        _values = new long[size];
        Array.Fill(_keys, Free);
    }

    /// <summary>Sets the value of a pair, in place of the one it had.</summary>
    internal void Set(int first, int second, long value)
    {
        if (2 * (_count + 1) > _keys.Length)
        {
            Grow();
        }

        long key = Key(first, second);
        int place = PlaceOf(key);
        _count += _keys[place] == Free ? 1 : 0;
        _keys[place] = key;
        _values[place] = value;
    }

    internal bool TryGet(int first, int second, out long value)
    {
        long key = Key(first, second);
        int place = PlaceOf(key);
        value = _values[place];
        return _keys[place] == key;
    }

    private static long Key(int first, int second) => ((long)first << 32) | (uint)second;

    private int PlaceOf(long key)
    {
        ulong mixed = (ulong)key * 0x9E3779B97F4A7C15;
        long[] keys = _keys;
        int mask = keys.Length - 1;
        int place = (int)(mixed >> 32) & mask;
        while (keys[place] != key && keys[place] != Free)
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private void Grow()
    {
        (long[] keys, long[] values) = (_keys, _values);
        _keys = new long[2 * keys.Length];
        _values = new long[2 * keys.Length];
        Array.Fill(_keys, Free);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] != Free)
            {
                int place = PlaceOf(keys[i]);
                _keys[place] = keys[i];
                _values[place] = values[i];
            }
        }
    }
}
