namespace ReSTEM.Models;

/// <summary>The low-rank factors of one projection: <c>W x + scale B A x</c>.</summary>
/// <param name="Place">The projection's weights.</param>
/// <param name="Rank">R.</param>
/// <param name="Down">A, [R, in].</param>
/// <param name="Up">B, [out, R].</param>
public sealed record AdapterModule(TensorPlace Place, int Rank, float[] Down, float[] Up);

/// <summary>An adapter in memory.</summary>
/// <param name="Config">As its folder states it.</param>
/// <param name="Modules">In the order of the model's tensors.</param>
public sealed record Adapter(AdapterConfig Config, IReadOnlyList<AdapterModule> Modules)
{
    /// <summary>Factors of 0 for B and as given for A.</summary>
    /// <param name="config">Rank and targets.</param>
    /// <param name="model">Shapes.</param>
    /// <param name="fillDown">Writes the first values of a module's A.</param>
    /// <exception cref="InvalidDataException">A target matches no projection.</exception>
    public static Adapter Create(AdapterConfig config, ModelConfig model, Action<TensorPlace, float[]> fillDown) =>
        new(config, [.. AdapterTargets.Of(config.TargetModules, model).Select(place =>
        {
            var down = new float[config.Rank * place.RowLength];
            fillDown(place, down);
            return new AdapterModule(place, config.Rank, down, new float[place.Rows * config.Rank]);
        })]);

    /// <summary>The factors of one part of the decoder, in the order of its rows; none where it is not adapted.</summary>
    public IReadOnlyList<AdapterModule> Of(WeightPart part, int layer) =>
        [.. Modules.Where(module => module.Place.Part == part && module.Place.Layer == layer)];
}
