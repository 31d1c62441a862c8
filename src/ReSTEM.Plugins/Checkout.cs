using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>The checkout of ReSTEM that this program was built from: engines are built from its sources and installed below it.</summary>
/// <param name="Root">Its folder.</param>
public sealed record Checkout(string Root)
{
    /// <summary>Name of the environment variable by which the launcher names the checkout.</summary>
    public const string Variable = "RESTEM_CHECKOUT";

    /// <summary>What the launcher builds under: a build and an installation write the same files, so one waits for the other.</summary>
    public string LockFile => Path.Combine(Artifacts, ".build-lock");

    /// <summary>Where engines are installed, a folder each.</summary>
    public string EnginesFolder => Path.Combine(Artifacts, "engines");

    private string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>The checkout that the launcher names, or else the one around the program.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public static Checkout Find()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        for (string? folder = string.IsNullOrEmpty(named) ? AppContext.BaseDirectory : named; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "ReSTEM.sln")))
            {
                return new Checkout(folder);
            }
        }

        throw new EngineException(
            $"there is no ReSTEM.sln in or above {named ?? AppContext.BaseDirectory}, expected the checkout that engines are built from; start the program by its launcher ./restem, or name the checkout in {Variable}.");
    }

    /// <summary>Where an engine is installed, or would be.</summary>
    public string FolderOf(EngineKind kind) => Path.Combine(EnginesFolder, kind.Name);
}
