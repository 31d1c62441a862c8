using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace ReSTEM.Reporting;

/// <summary>What every page has around it: its head, its style, and a policy that lets no program run but this project's own.</summary>
internal static class PageFrame
{
    private const string Prefix = "ReSTEM.Reporting.";

    /// <summary>Opens a page up to its main part; three elements are left open.</summary>
    /// <param name="html">Empty.</param>
    /// <param name="title">Of the window.</param>
    /// <param name="styles">Style sheets beside the report's.</param>
    /// <param name="programs">All programs that the page will have.</param>
    /// <param name="live">Where it is served; null for a file.</param>
    internal static void Begin(HtmlWriter html, string title, string styles, IReadOnlyList<string> programs, LivePage? live)
    {
        html.Open("html", ("lang", "en")).Open("head").Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));

        // Nothing is loaded, and nothing run but the project's own programs, even if a text found a way around the escaping.
        string sources = string.Join(' ', programs.Select(Source).DefaultIfEmpty("'none'"));
        html.Void("meta", ("http-equiv", "Content-Security-Policy"),
            ("content", $"default-src 'none'; style-src 'unsafe-inline'; script-src {sources}{(live is null ? "" : "; connect-src 'self'; form-action 'self'")}"));
        html.Element("title", title).Style(Resource("report.css") + styles).Close().Line();
        html.Open("body");
        if (live is not null)
        {
            live.Write(html);
        }

        html.Open("main");
    }

    /// <summary>A program of this project, in a form that is XML as well.</summary>
    internal static string Program(string text) => $"//<![CDATA[\n(() => {{\n\"use strict\";\n{text}}})();\n//]]>";

    /// <summary>A file of this project that is part of its assembly.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    internal static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"resource {Prefix}{name} is missing, expected it in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>What a content security policy calls a program: a changed or added one does not run.</summary>
    private static string Source(string program) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(program)))}'";
}
