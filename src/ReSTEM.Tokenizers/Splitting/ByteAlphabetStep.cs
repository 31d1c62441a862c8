using System.Buffers;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Writes the UTF-8 bytes of every piece in the byte alphabet, for models that know characters only.</summary>
internal sealed class ByteAlphabetStep : IPreTokenizerStep
{
    public void Apply(PieceText text)
    {
        foreach ((int Start, int Length) place in text.Pieces)
        {
            ReadOnlySpan<char> piece = text[place];
            byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
            int count = Encoding.UTF8.GetBytes(piece, bytes);
            Span<char> target = text.WriteRoom(count);
            for (int i = 0; i < count; i++)
            {
                target[i] = ByteAlphabet.CharacterOf(bytes[i]);
            }

            ArrayPool<byte>.Shared.Return(bytes);
        }

        text.Rewritten();
    }
}
