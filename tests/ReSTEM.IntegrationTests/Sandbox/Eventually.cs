namespace ReSTEM.IntegrationTests;

/// <summary>Waits for what the system does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int MostPauses = 15_000;

    /// <summary>Returns once the condition holds, or after five minutes, which no machine needs; the caller then asserts it.</summary>
    internal static async Task HoldsAsync(Func<bool> condition)
    {
        for (int i = 0; i < MostPauses && !condition(); i++)
        {
            await Task.Delay(Pause);
        }
    }
}
