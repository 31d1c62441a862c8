using System.Net;

namespace ReSTEM.Remote;

/// <summary>A server that did not do what it was asked.</summary>
/// <param name="message">What went wrong, without the server's name.</param>
/// <param name="isTransient">Whether asking again may help.</param>
/// <param name="retryAfter">When the server says that it will; null where it does not.</param>
/// <param name="cause">What was thrown; null for nothing.</param>
internal sealed class RemoteException(string message, bool isTransient, TimeSpan? retryAfter = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The status of a refusal; null for every other fault.</summary>
    internal HttpStatusCode? Status { get; init; }

    internal bool IsTransient => isTransient;

    internal TimeSpan? RetryAfter => retryAfter;

    /// <summary>An answer that cannot be used: asked again, then reported.</summary>
    internal static RemoteException Malformed(string what) => new($"its answer cannot be used: {what}", isTransient: true);
}
