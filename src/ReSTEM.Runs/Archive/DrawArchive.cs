using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Draws whose samples were moved out of a ledger into compressed files. Who asks the ledger for one of their samples gets it all the same:
/// the file is unpacked into a table that lasts as long as the ledger is open, and that every question about samples reads beside the
/// ledger's own.
/// </summary>
public sealed class DrawArchive
{
    private const string Columns = "iteration, draw, " + SampleRow.Columns;
    private const string Selected = "SELECT iteration, draw, path, rows, correct, most, sha256 FROM archives";
    private const string OfDraw = "WHERE iteration = $0 AND draw = $1";

    private readonly LedgerDatabase _database;
    private readonly string _folder;
    private readonly HashSet<DrawId> _unpacked = [];

    /// <summary>Of a ledger, with its files in a run folder.</summary>
    internal DrawArchive(LedgerDatabase database, string folder) => (_database, _folder) = (database, folder);

    /// <summary>All draws whose samples are in files, by iteration and name.</summary>
    public IReadOnlyList<ArchivedDraw> Draws() => _database.Rows($"{Selected} ORDER BY iteration, draw", Read);

    /// <summary>Moves the samples of a draw into a file. They leave the ledger once what can be read of the file is, row for row, what was sealed.</summary>
    /// <param name="draw">Has samples, on none of which the verifier failed; nobody draws for it any more.</param>
    /// <returns>Where they are.</returns>
    /// <exception cref="IOException">It cannot be written; the samples stay where they are.</exception>
    /// <exception cref="InvalidDataException">They are damaged, and stay where they are.</exception>
    public ArchivedDraw Pack(DrawId draw) => _database.Reading(connection =>
    {
        SampleCounts counts = SampleStore.Counted(connection, draw);
        if (Find(draw) is not null || counts.Drawn == 0 || counts.Failed > 0)
        {
            throw new InvalidOperationException(
                $"{draw} has {counts.Drawn} samples and {counts.Failed} that failed{(Find(draw) is null ? "" : " in an archive")}, expected samples with a verdict in the ledger.");
        }

        string path = Path.Combine(_folder, ArchivedDraw.PathOf(draw));
        NewFolder.Create(Path.GetDirectoryName(path)!);
        using (var command = connection.Command($"SELECT {SampleRow.Columns} FROM main.samples {OfDraw} ORDER BY problem, sample", draw.Iteration, draw.Name))
        using (SqliteDataReader rows = command.ExecuteReader())
        {
            ArchiveFile.Write(path, rows);
        }

        var archived = new ArchivedDraw(draw, ArchivedDraw.PathOf(draw), counts, ContentDigest.OfFile(path));
        Unpack(connection, archived);
        if (!LedgerSeals.IsSealed(connection, draw, UnpackedSamples.Table))
        {
            _unpacked.Remove(draw);
            UnpackedSamples.Forget(connection, draw);
            AtomicFile.Delete(path);
            throw LedgerFaults.Damage(_database.FilePath, $"what it holds of {draw.Name} of iteration {draw.Iteration} is not what was written");
        }

        _database.Write(writer =>
        {
            writer.Execute(
                "INSERT INTO archives (iteration, draw, path, rows, correct, most, sha256) VALUES ($0, $1, $2, $3, $4, $5, $6)",
                draw.Iteration, draw.Name, archived.Path, counts.Drawn, counts.Correct, counts.MostPerProblem, archived.Sha256);
            writer.Execute($"DELETE FROM main.samples {OfDraw}", draw.Iteration, draw.Name);
        });
        return archived;
    });

    /// <summary>Moves the samples of a draw back into the ledger, and deletes their file.</summary>
    /// <exception cref="InvalidDataException">The file is missing or altered.</exception>
    public void Restore(ArchivedDraw archived)
    {
        PutBack(archived);
        AtomicFile.Delete(Path.Combine(_folder, archived.Path));
    }

    /// <summary>The same, and leaves the file.</summary>
    internal void PutBack(ArchivedDraw archived) => _database.Reading(connection =>
    {
        DrawId draw = archived.Draw;
        Unpack(connection, archived);
        _database.Write(writer =>
        {
            writer.Execute($"INSERT INTO main.samples ({Columns}) SELECT {Columns} FROM {UnpackedSamples.Table} {OfDraw} ORDER BY problem, sample", draw.Iteration, draw.Name);
            writer.Execute($"DELETE FROM archives {OfDraw}", draw.Iteration, draw.Name);
            UnpackedSamples.Forget(writer, draw);
        });
        return _unpacked.Remove(draw);
    });

    /// <summary>Gives the space of what was moved out back to the disk; needs as much as the ledger has left, for as long as it takes.</summary>
    /// <exception cref="IOException">It cannot be written; the ledger stays as it is.</exception>
    public void Compact() => _database.Reading(connection =>
    {
        UnpackedSamples.Drop(connection);
        _unpacked.Clear();
        connection.Execute("VACUUM");
        return true;
    });

    /// <summary>What the archive knows of a draw; null for one whose samples are in the ledger.</summary>
    internal ArchivedDraw? Find(DrawId draw) => _database.Rows(
        $"{Selected} {OfDraw}", Read, draw.Iteration, draw.Name).SingleOrDefault();

    /// <summary>Sees to it that questions about the samples of a draw find them.</summary>
    /// <exception cref="InvalidDataException">Its file is missing or altered.</exception>
    internal void Open(DrawId draw)
    {
        if (Find(draw) is { } archived)
        {
            _database.Reading(connection =>
            {
                Unpack(connection, archived);
                return true;
            });
        }
        else if (_unpacked.Contains(draw))
        {
            _database.Reading(connection =>
            {
                UnpackedSamples.Forget(connection, draw); // somebody else put them back
                return _unpacked.Remove(draw);
            });
        }
    }

    /// <summary>The same for all.</summary>
    /// <exception cref="InvalidDataException">As above.</exception>
    internal void OpenAll()
    {
        foreach (ArchivedDraw archived in Draws())
        {
            Open(archived.Draw);
        }
    }

    private void Unpack(SqliteConnection connection, ArchivedDraw archived)
    {
        if (_unpacked.Contains(archived.Draw))
        {
            return;
        }

        string path = Path.Combine(_folder, archived.Path);
        string place = $"{archived.Draw.Name} of iteration {archived.Draw.Iteration}";
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing, expected the {archived.Counts.Drawn:N0} archived samples of {place}. Restore the file.");
        }

        if (ContentDigest.OfFile(path) is var actual && actual != archived.Sha256)
        {
            throw new InvalidDataException($"{path} was altered: its SHA-256 is {actual}, expected {archived.Sha256} of the archived samples of {place}. Restore the file.");
        }

        long rows = UnpackedSamples.Fill(connection, archived.Draw, ArchiveFile.Read(path));
        if (rows != archived.Counts.Drawn)
        {
            UnpackedSamples.Forget(connection, archived.Draw);
            throw new InvalidDataException($"{path} has {rows:N0} samples, expected the {archived.Counts.Drawn:N0} of {place}.");
        }

        _unpacked.Add(archived.Draw);
    }

    private static ArchivedDraw Read(SqliteDataReader row) => new(
        new DrawId(row.GetInt32(0), row.GetString(1)), row.GetString(2), new SampleCounts(row.GetInt64(3), 0, row.GetInt64(4), row.GetInt32(5)), row.GetString(6));
}
