using System.Runtime.CompilerServices;

namespace ReSTEM.Numerics;

/// <summary>Checks of extents on entry to kernels; the messages name the arguments as the caller wrote them.</summary>
internal static class Shape
{
    internal static void Same(
        long actual, long expected,
        [CallerArgumentExpression(nameof(actual))] string? what = null,
        [CallerArgumentExpression(nameof(expected))] string? from = null)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{what} is {actual}, expected {expected} ({from}).");
        }
    }

    internal static void AtLeast(
        long actual, long expected,
        [CallerArgumentExpression(nameof(actual))] string? what = null,
        [CallerArgumentExpression(nameof(expected))] string? from = null)
    {
        if (actual < expected)
        {
            throw new ArgumentException($"{what} is {actual}, expected at least {expected} ({from}).");
        }
    }
}
