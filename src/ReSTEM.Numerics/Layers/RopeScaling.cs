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
}
