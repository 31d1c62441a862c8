namespace ReSTEM.Models;

/// <summary>Reads which layers see a window of positions only: by the family's rule, or by <c>layer_types</c>, which goes before it.</summary>
internal static class WindowReader
{
    private const int DefaultPattern = 6;
    private const int MaxWindow = 1 << 24;

    internal static IReadOnlyList<int> Read(ConfigJson json, DecoderFamily family, int layers)
    {
        if (family.Windows is WindowRule.None)
        {
            return OfTypes(json, layers, 0) ?? [];
        }

        bool isNull = json.Has("sliding_window") && json.Present("sliding_window") is null;
        int window = isNull ? 0 : json.OptionalInteger("sliding_window", 1, MaxWindow) ?? family.DefaultWindow ?? 0;
        int last = json.OptionalInteger("max_window_layers", 0, int.MaxValue) ?? 28;
        bool isUsed = family.Windows is not WindowRule.Last || json.Flag("use_sliding_window", false);
        json.Present("_sliding_window_pattern");
        int pattern = family.Windows is WindowRule.AllButEvery
            ? json.OptionalInteger("sliding_window_pattern", 1, 1024) ?? json.OptionalInteger("_sliding_window_pattern", 1, 1024) ?? DefaultPattern
            : 1;
        return OfTypes(json, layers, isUsed ? window : 0) ?? OfRule(Enumerable.Range(0, layers).Select(layer => isUsed && family.Windows switch
        {
            WindowRule.Last => layer >= last,
            WindowRule.Alternating => layer % 2 == 0,
            WindowRule.AllButEvery => (layer + 1) % pattern != 0,
            _ => true,
        }), window);
    }

    private static int[] OfRule(IEnumerable<bool> hasWindow, int window)
    {
        int[] windows = [.. hasWindow.Select(has => has ? window : 0)];
        return Array.TrueForAll(windows, static one => one == 0) ? [] : windows;
    }

    private static int[]? OfTypes(ConfigJson json, int layers, int window)
    {
        if (json.Texts("layer_types") is not { } types)
        {
            return null;
        }

        if (types.Length != layers || Array.Exists(types, static type => type is not ("full_attention" or "sliding_attention")))
        {
            json.Fault("layer_types", $"[{string.Join(", ", types.Distinct())}] for {types.Length} layers", $"full_attention or sliding_attention for each of {layers}");
            return [];
        }

        if (window == 0 && types.Contains("sliding_attention"))
        {
            json.Fault("layer_types", "sliding_attention", "full_attention where no sliding_window is given or used");
        }

        return OfRule(types.Select(static type => type == "sliding_attention"), window);
    }
}
