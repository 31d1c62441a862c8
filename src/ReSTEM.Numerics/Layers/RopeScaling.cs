using ReSTEM.Arithmetic;

namespace ReSTEM.Numerics;

/// <summary>Slows long wavelengths of the rotary embedding down, so that a model reaches beyond the context it was first trained with.</summary>
public static class RopeScaling
{
    /// <summary>The frequencies of Llama 3.1 and later: long wavelengths are stretched, short ones stay, between them it blends.</summary>
    /// <remarks>Llama team 2024, arXiv:2407.21783, section 3.4.</remarks>
    /// <param name="frequencies">Unscaled, from <see cref="RopeTable.Frequencies"/>, shape [Hd / 2].</param>
    /// <param name="factor">Stretch of the long wavelengths.</param>
    /// <param name="lowFrequencyFactor">Wavelengths over original length / this are long.</param>
    /// <param name="highFrequencyFactor">Wavelengths under original length / this are short.</param>
    /// <param name="originalContextLength">Context of the model before stretching, in tokens.</param>
    public static float[] Llama3(
        ReadOnlySpan<float> frequencies, double factor, double lowFrequencyFactor, double highFrequencyFactor,
        int originalContextLength)
    {
        var scaled = new float[frequencies.Length];
        for (int pair = 0; pair < scaled.Length; pair++)
        {
            float frequency = frequencies[pair];
            double turns = originalContextLength * frequency / (2 * Math.PI);
            double share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            share = Math.Clamp(share, 0, 1);
            scaled[pair] = (float)(((1 - share) * (frequency / factor)) + (share * frequency));
        }

        return scaled;
    }

    /// <summary>Every wavelength is stretched.</summary>
    /// <remarks>Chen et al. 2023, arXiv:2306.15595.</remarks>
    /// <param name="frequencies">Unscaled, shape [pairs].</param>
    /// <param name="factor">Stretch.</param>
    public static float[] Linear(ReadOnlySpan<float> frequencies, double factor)
    {
        var scaled = new float[frequencies.Length];
        for (int pair = 0; pair < scaled.Length; pair++)
        {
            scaled[pair] = frequencies[pair] / (float)factor;
        }

        return scaled;
    }

    /// <summary>Each wavelength is stretched by its own factor.</summary>
    /// <remarks>Ding et al. 2024, arXiv:2402.13753.</remarks>
    /// <param name="frequencies">Unscaled, shape [pairs].</param>
    /// <param name="factors">Stretch of each pair.</param>
    public static float[] PerPair(ReadOnlySpan<float> frequencies, IReadOnlyList<double> factors)
    {
        Shape.Same(factors.Count, frequencies.Length);
        var scaled = new float[frequencies.Length];
        for (int pair = 0; pair < scaled.Length; pair++)
        {
            scaled[pair] = (float)(frequencies[pair] / factors[pair]);
        }

        return scaled;
    }

    /// <summary>
    /// Pairs that turn often within the first context stay, those that hardly turn are stretched, between them it blends along the
    /// number of the pair.
    /// </summary>
    /// <remarks>Peng et al. 2023, arXiv:2309.00071, section 3.2; the ramp runs over pairs as in the published implementations.</remarks>
    /// <param name="frequencies">Unscaled, shape [pairs].</param>
    /// <param name="theta">Base of the wavelengths.</param>
    /// <param name="factor">Stretch.</param>
    /// <param name="originalContextLength">Context of the model before stretching, in tokens.</param>
    /// <param name="betaFast">Turns from which on a pair stays.</param>
    /// <param name="betaSlow">Turns up to which a pair is stretched.</param>
    /// <param name="truncates">Whether the ends of the ramp are rounded outwards to whole pairs.</param>
    public static float[] Yarn(
        ReadOnlySpan<float> frequencies, double theta, double factor, int originalContextLength, double betaFast, double betaSlow,
        bool truncates)
    {
        int dim = 2 * frequencies.Length;
        double PairOf(double turns) => dim * Elementary.Log(originalContextLength / (turns * 2 * Math.PI)) / (2 * Elementary.Log(theta));
        double low = PairOf(betaFast), high = PairOf(betaSlow);
        (low, high) = truncates ? (Math.Floor(low), Math.Ceiling(high)) : (low, high);
        (low, high) = (Math.Max(low, 0), Math.Min(high, dim - 1));
        double width = low == high ? 0.001 : high - low;
        var scaled = new float[frequencies.Length];
        for (int pair = 0; pair < scaled.Length; pair++)
        {
            double stretched = Math.Clamp((pair - low) / width, 0, 1);
            scaled[pair] = (float)((frequencies[pair] / factor * stretched) + (frequencies[pair] * (1 - stretched)));
        }

        return scaled;
    }
}
