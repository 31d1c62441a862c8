using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Which projections of a model an adapter changes.</summary>
public static class AdapterTargets
{
    private const string Weight = ".weight";

    /// <summary>The weights of the projections that some names match, in the order of the model's tensors.</summary>
    /// <param name="names">The last part of a projection's name, its whole name, or <c>all-linear</c>.</param>
    /// <param name="model">Shapes.</param>
    /// <exception cref="InvalidDataException">A name matches nothing.</exception>
    public static IReadOnlyList<TensorPlace> Of(IReadOnlyList<string> names, ModelConfig model)
    {
        TensorPlace[] projections = [.. ModelLayout.Tensors(model).Where(place =>
            place.Part is WeightPart.QueryKeyValue or WeightPart.Output or WeightPart.GateUp or WeightPart.Down)];
        if (names.Count == 0)
        {
            throw new InvalidDataException($"target_modules is empty, expected names of projections or {AdapterOptions.AllLinear}.");
        }

        foreach (string name in names)
        {
            if (!Array.Exists(projections, place => Matches(place, name)))
            {
                var known = projections.Select(place => ModuleOf(place).Split('.')[^1]).Distinct();
                throw new InvalidDataException(
                    $"target module {name} matches no projection, expected {string.Join(", ", known)} or {AdapterOptions.AllLinear}.");
            }
        }

        return [.. projections.Where(place => names.Any(name => Matches(place, name)))];
    }

    /// <summary>The last parts of the matched projections' names, each once, in order.</summary>
    /// <exception cref="InvalidDataException">A name matches nothing.</exception>
    public static IReadOnlyList<string> LastNames(IReadOnlyList<string> names, ModelConfig model) =>
        [.. Of(names, model).Select(static place => ModuleOf(place).Split('.')[^1]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The name of a projection: that of its weights without <c>.weight</c>.</summary>
    internal static string ModuleOf(TensorPlace place) => place.Name[..^Weight.Length];

    private static bool Matches(TensorPlace place, string name)
    {
        string module = ModuleOf(place);
        return name == AdapterOptions.AllLinear || module == name || module.EndsWith("." + name, StringComparison.Ordinal);
    }
}
