using Microsoft.Data.Sqlite;

namespace ReSTEM.Runs;

/// <summary>What SQLite's faults mean to whoever has to mend them.</summary>
internal static class LedgerFaults
{
    // Primary result codes, https://www.sqlite.org/rescode.html.
    private const int Denied = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    /// <summary>A fault in words, with what to do. What the disk or another program did is an <see cref="IOException"/>; the rest is damage.</summary>
    internal static Exception Of(SqliteException fault, string path)
    {
        string said = fault.Message.TrimEnd('.');
        return fault.SqliteErrorCode switch
        {
            Full => new IOException($"{path} cannot be written: the disk is full ({said}). What was committed is kept; free some space and start the same command again."),
            InputOutput => new IOException(
                $"{path} cannot be read or written: the disk reports a fault or is full ({said}, extended code {fault.SqliteExtendedErrorCode}). " +
                "What was committed is kept; look at the disk and its free space, then start the same command again."),
            CannotOpen or ReadOnly or Denied => new IOException(
                $"{path} cannot be opened for writing ({said}), expected a file and a folder that this user may write, on a disk with free space; then start the same command again."),
            Busy or Locked => new IOException($"{path} is in use by another program ({said}), expected none. Close it and start the same command again."),
            _ => Damage(path, said),
        };
    }

    /// <summary>Of a ledger whose content is not what was written.</summary>
    internal static InvalidDataException Damage(string path, string what) =>
        new($"{path} is damaged: {what.TrimEnd('.')}. Restore the file from a copy, or delete the run folder (or give the run another name, --set name=...) to start over.");
}
