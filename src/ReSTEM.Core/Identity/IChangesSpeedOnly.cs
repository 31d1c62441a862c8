namespace ReSTEM.Core;

/// <summary>
/// Marks a record of settings all of which change how fast work goes, and no bit of its result. They are no part of a
/// <see cref="RunIdentity"/>: work may go on with others. Every other setting changes results.
/// </summary>
public interface IChangesSpeedOnly;
