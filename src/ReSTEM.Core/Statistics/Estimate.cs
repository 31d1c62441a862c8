namespace ReSTEM.Core;

/// <summary>A measured quantity with its 95 % interval.</summary>
/// <param name="Value">The point estimate.</param>
/// <param name="Low">2.5 % end of the interval.</param>
/// <param name="High">97.5 % end of the interval.</param>
public readonly record struct Estimate(double Value, double Low, double High);

/// <summary>A paired difference between two policies on the same problems.</summary>
/// <param name="Value">Mean of (second minus first) over problems.</param>
/// <param name="Low">2.5 % end of the interval.</param>
/// <param name="High">97.5 % end of the interval.</param>
/// <param name="PValue">Two-sided bootstrap p-value of "no difference", in (0, 1].</param>
public readonly record struct PairedDifference(double Value, double Low, double High, double PValue);
