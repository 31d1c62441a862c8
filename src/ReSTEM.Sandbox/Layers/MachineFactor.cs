using System.Globalization;

namespace ReSTEM.Sandbox;

/// <summary>
/// How many times longer this machine takes for the same work than the one that limits of CPU time are meant for. Limits are multiplied
/// by it, so that a program meets them on every machine after the same work, not after the same time.
/// </summary>
/// <remarks>
/// It is a measurement and no setting: it is kept with the measurements of a finding, and no part of the verifier's version or a run's
/// identity. Two machines with different factors are meant to give the same verdicts; were the factor in the version, a run could be
/// resumed on no other machine, nor after another start on the same one.
/// </remarks>
internal static class MachineFactor
{
    // The fastest round of sandbox/calibration.py on the machine of benchmarks/results (AMD EPYC, Python 3.11), rounded up.
    private const double NominalMicroseconds = 10_000;

    // A machine that is slower than this is broken, or the measurement is.
    private const double Most = 32;

    /// <summary>Measures it in a worker; in [1, 32], in steps of 0.05.</summary>
    /// <exception cref="SandboxException">The worker failed.</exception>
    public static double Measure(SandboxWorker worker, SandboxLimits limits, CancellationToken cancellationToken)
    {
        byte[] payload = PyCodec.Encode(PyValue.Of(WorkerBundle.Calibration));
        var run = worker.Run(new RunRequest(RunMode.Probe, payload, limits), cancellationToken).Genuine();
        return ChildFrames.ReadAll(run.Output) is [var message] && PyCodec.Decode(message.Span[1..]) is { Kind: PyKind.Int } took
            ? Of((double)took.Integer)
            : throw new SandboxException($"The calibration ended without a time (signal {run.Signal}): {run.StandardError}");
    }

    /// <summary>The factor for a time of the fastest round.</summary>
    public static double Of(double microseconds) =>
        Math.Clamp(Math.Ceiling(20 * microseconds / NominalMicroseconds) / 20, 1, Most);

    /// <summary>As findings and the doctor show it.</summary>
    public static string Text(double factor) => factor.ToString("F2", CultureInfo.InvariantCulture);
}
