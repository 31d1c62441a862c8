namespace ReSTEM.Reporting;

/// <summary>Where a page is served that keeps itself as new as what it shows; a page in a file has no such thing.</summary>
/// <param name="Home">Address of the page of all runs; empty on that page itself.</param>
/// <param name="Again">Address of the same page without its samples, from which what has changed is taken.</param>
/// <param name="Events">Address of the events that say that something changed.</param>
/// <param name="Version">What the page shows; an event with another one makes it look again.</param>
/// <param name="Samples">How many samples were drawn when the page was made.</param>
public sealed record LivePage(string Home, string Again, string Events, string Version, long Samples)
{
    /// <summary>The program that does it.</summary>
    internal static string Program { get; } = PageFrame.Program(PageFrame.Resource("Overview.live.js"));

    /// <summary>Its style sheet.</summary>
    internal static string Style => PageFrame.Resource("Overview.live.css");

    /// <summary>The bar at the top: the way back, and whether the page is live.</summary>
    internal void Write(HtmlWriter html)
    {
        html.Open("nav", ("class", "live"), ("data-events", Events), ("data-again", Again), ("data-version", Version), ("data-samples", $"{Samples}"));
        if (Home.Length > 0)
        {
            html.Element("a", "\u2190 All runs", ("href", Home));
        }
        else
        {
            html.Element("span", "ReSTEM", ("class", "brand"));
        }

        html.Element("button", "", ("type", "button"), ("data-part", "fresh"), ("hidden", "hidden"));
        html.Element("span", "connecting", ("data-part", "told"), ("class", "state"), ("aria-live", "polite")).Close().Line();
    }
}
