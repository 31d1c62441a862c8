namespace ReSTEM.Core;

/// <summary>Files of a run that are published beside the ledger, with their digests: what is read again must be what was written.</summary>
public interface IFileStore
{
    /// <summary>Records a file of an iteration, or all files of a folder, instead of what was recorded there before.</summary>
    /// <param name="iteration">From 1.</param>
    /// <param name="path">Below <see cref="RunPaths.Iteration"/>.</param>
    void Record(int iteration, string path);

    /// <summary>Refuses files that are missing or altered, before they are used. Weights are left to the engine, which reads them anyway.</summary>
    /// <param name="iteration">From 1.</param>
    /// <param name="path">A file, or a folder.</param>
    /// <exception cref="InvalidDataException">Some are; the message names them and says what to do.</exception>
    void Require(int iteration, string path);

    /// <summary>What is wrong with the recorded files of all iterations, weights among them, in words; empty for nothing.</summary>
    /// <param name="exceptLostFolders">Passes over files whose whole folder is gone.</param>
    IReadOnlyList<string> Faults(bool exceptLostFolders = false);
}
