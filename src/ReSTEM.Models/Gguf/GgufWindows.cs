namespace ReSTEM.Models;

/// <summary>Which layers see a window: GGUF has one width and, in some architectures, one period.</summary>
internal static class GgufWindows
{
    /// <summary>Refuses windows that the architecture has no place for; one that covers the context is none.</summary>
    internal static void Check(ModelConfig config, List<string> faults)
    {
        var architecture = GgufArchitecture.For(config.Family);
        if (architecture.WindowPeriod == 0)
        {
            int least = config.Windows.Where(window => window > 0).DefaultIfEmpty(int.MaxValue).Min();
            if (least < config.ContextLength)
            {
                faults.Add($"sliding_window is {least}, expected at least the context length ({config.ContextLength}): "
                    + $"llama.cpp's {architecture.Name} has no windows");
            }
        }
        else if (config.Windows.Count > 0 && PeriodOf(config) is not { } period)
        {
            faults.Add($"windows by layer are {string.Join(", ", config.Windows)}, expected one width, and every layer but one of "
                + $"{architecture.WindowPeriod} with it");
        }
    }

    internal static void Describe(ModelConfig config, string prefix, GgufMetadata metadata)
    {
        var architecture = GgufArchitecture.For(config.Family);
        if (architecture.WindowPeriod == 0 || (config.Windows.Count == 0 && !architecture.HasScoreCap))
        {
            return;
        }

        if (config.Windows.Count == 0) // the key has a default there
        {
            metadata.Add($"{prefix}.attention.sliding_window", config.ContextLength);
            return;
        }

        metadata.Add($"{prefix}.attention.sliding_window", config.Windows.Max());
        metadata.Add($"{prefix}.attention.sliding_window_pattern", PeriodOf(config)!.Value);
        if (config.LocalRope is { } local)
        {
            metadata.Add($"{prefix}.rope.freq_base_swa", (float)local.Theta);
        }
    }

    /// <summary>N where all layers but the last of every N have the same window.</summary>
    private static int? PeriodOf(ModelConfig config)
    {
        int usual = GgufArchitecture.For(config.Family).WindowPeriod;
        int width = config.Windows.Max();
        IEnumerable<int> candidates = usual == 2 ? [2] : [usual, .. Enumerable.Range(1, config.LayerCount + 1)];
        foreach (int period in candidates)
        {
            if (config.Windows.Index().All(layer => layer.Item == (layer.Index % period < period - 1 ? width : 0)))
            {
                return period;
            }
        }

        return null;
    }
}
