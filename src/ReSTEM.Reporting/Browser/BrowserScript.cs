namespace ReSTEM.Reporting;

/// <summary>The program of the sample browser: files of this folder, one after the other. It is the only one that a page lets run.</summary>
internal static class BrowserScript
{
    // In the order in which one needs the other.
    private static readonly string[] Files = ["store.js", "labels.js", "search.js", "diff.js", "list.js", "detail.js", "save.js", "main.js"];

    /// <summary>The whole program.</summary>
    internal static string Text { get; } = PageFrame.Program(string.Concat(Files.Select(file => PageFrame.Resource("Browser." + file))));

    /// <summary>Its style sheet.</summary>
    internal static string Style => PageFrame.Resource("Browser.browser.css");
}
