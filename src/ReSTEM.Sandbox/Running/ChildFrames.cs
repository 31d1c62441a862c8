using System.Buffers.Binary;

namespace ReSTEM.Sandbox;

/// <summary>Reads the messages that a child wrote: u32 length, a letter, data. Nothing in them is trusted.</summary>
internal static class ChildFrames
{
    private const int HeaderSize = 5;

    /// <summary>The next whole message with its letter, if there is one.</summary>
    /// <param name="bytes">All that the child wrote so far.</param>
    /// <param name="position">Where the message begins; moved past it when there is one.</param>
    /// <param name="message">The letter and the data.</param>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, ref int position, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (bytes.Length - position < HeaderSize)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[position..]);
        if (length > bytes.Length - position - HeaderSize)
        {
            return false;
        }

        message = bytes.Slice(position + 4, (int)length + 1);
        position += HeaderSize + (int)length;
        return true;
    }

    /// <summary>All whole messages, in order.</summary>
    public static List<ReadOnlyMemory<byte>> ReadAll(ReadOnlyMemory<byte> bytes)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        int position = 0;
        while (TryRead(bytes, ref position, out var message))
        {
            messages.Add(message);
        }

        return messages;
    }
}
