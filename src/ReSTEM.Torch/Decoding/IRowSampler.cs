using ReSTEM.Engines;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Draws tokens from logits where they lie.</summary>
internal interface IRowSampler
{
    /// <summary>Draws one token for each of some rows.</summary>
    /// <param name="logits">Shape [n, V], float32, contiguous.</param>
    /// <param name="rows">Row and draw of each.</param>
    /// <returns>The tokens, in the order of <paramref name="rows"/>, as <see cref="TokenSampler"/> defines them.</returns>
    /// <exception cref="InvalidDataException">The logits are not numbers: the weights are damaged.</exception>
    DrawnToken[] Draw(Tensor logits, IReadOnlyList<(int Row, TokenDraw Draw)> rows);
}
