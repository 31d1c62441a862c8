using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ReSTEM.Reporting;

/// <summary>The program of the sample browser: files of this folder, one after the other. It is the only one that a page lets run.</summary>
internal static class BrowserScript
{
    private const string Prefix = "ReSTEM.Reporting.Browser.";

    // In the order in which one needs the other.
    private static readonly string[] Files = ["store.js", "search.js", "diff.js", "list.js", "detail.js", "save.js", "main.js"];

    /// <summary>The whole program, in a form that is XML as well.</summary>
    internal static string Text { get; } = $"//<![CDATA[\n(() => {{\n\"use strict\";\n{string.Concat(Files.Select(Resource))}}})();\n//]]>";

    /// <summary>What a content security policy calls it: a changed or added program does not run.</summary>
    internal static string Source { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";

    /// <summary>Its style sheet.</summary>
    internal static string Style => Resource("browser.css");

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"resource {Prefix}{name} is missing, expected it in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
