namespace ReSTEM.IntegrationTests;

/// <summary>A test in a real browser; left out with the reason where there is none.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Program is null ? "no browser here: chromium is not on the path (Debian: apt-get install chromium)" : null;
}
