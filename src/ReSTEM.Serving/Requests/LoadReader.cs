using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Reads the body of <c>/v1/restem/load</c>: which weights are to be served, by place and by content.</summary>
internal static class LoadReader
{
    /// <param name="fields">The request.</param>
    /// <param name="roots">Folders must lie in one of them.</param>
    /// <exception cref="ApiException">It is no such request, or a folder lies elsewhere.</exception>
    internal static PolicyRef Read(RequestFields fields, IReadOnlyList<string> roots)
    {
        string folder = Folder(fields, roots);
        string sha256 = fields.RequiredText("sha256", "the SHA-256 of the weights");
        AdapterRef? adapter = null;
        if (fields.Object("adapter") is { } over)
        {
            adapter = new AdapterRef(Folder(over, roots), over.RequiredText("sha256", "the SHA-256 of the adapter"), sha256, over.Flag("merged"));
            over.RefuseOthers();
        }

        fields.RefuseOthers();
        return new PolicyRef(folder, sha256, adapter);
    }

    private static string Folder(RequestFields fields, IReadOnlyList<string> roots)
    {
        string given = fields.RequiredText("folder", "a model folder");
        string folder = Path.GetFullPath(given);
        return roots.Any(root => folder.StartsWith(Inside(root), StringComparison.Ordinal)) ? folder : throw ApiException.Of(
            "folder", $"folder is '{given}', expected one in {string.Join(" or ", roots)}, from where alone this server loads models.");
    }

    private static string Inside(string root) => Path.GetFullPath(root) is var full && Path.EndsInDirectorySeparator(full) ? full : full + Path.DirectorySeparatorChar;
}
