using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>How far annotators agree, and accuracy against it, as text, on the page, and in JSON.</summary>
internal static class AgreementTable
{
    /// <summary>Lines of text; none where no problem has two annotators.</summary>
    internal static void Text(StringWriter text, ClassResults results, ClassifiedSet set)
    {
        if (SetAgreement.Of(results, set) is not { } agreement)
        {
            return;
        }

        text.WriteLine($"  {Summary(agreement)}");
        for (int model = 0; model < agreement.Curves.Count; model++)
        {
            text.WriteLine($"  model {model + 1}, accuracy where agreement is at least gamma; {Trend(agreement.Curves[model])}");
            foreach (AgreementPoint point in agreement.Curves[model].Points)
            {
                text.WriteLine($"  {Shown.Number(point.Gamma, 3),10}  {point.Items,8}  {ClassTable.Interval(point.Accuracy)}");
            }
        }
    }

    /// <summary>The same on the page.</summary>
    internal static void Write(HtmlWriter html, ClassResults results, ClassifiedSet set)
    {
        if (SetAgreement.Of(results, set) is not { } agreement)
        {
            return;
        }

        html.Element("p", Summary(agreement) + " Alpha puts agreement beside what chance would give: 1 is perfect, 0 chance.");
        TableMarkup.Begin(
            html, "Accuracy on problems whose annotators agree at least so far (gamma)",
            ["gamma", "problems", .. agreement.Curves.Select((_, model) => $"model {model + 1}")]);
        for (int i = 0; i < agreement.Curves[0].Points.Count; i++)
        {
            AgreementPoint point = agreement.Curves[0].Points[i];
            html.Open("tr").Element("th", Shown.Number(point.Gamma, 3), ("scope", "row"));
            TableMarkup.Cells(html, [Shown.Count(point.Items), .. agreement.Curves.Select(curve => ClassTable.Interval(curve.Points[i].Accuracy))]);
            html.Close().Line();
        }

        TableMarkup.End(html);
        foreach (var (curve, model) in agreement.Curves.Select((curve, model) => (curve, model)))
        {
            html.Element("p", TableMarkup.Minus($"model {model + 1}: {Trend(curve)}."));
        }
    }

    /// <summary>The same as JSON; null where no problem has two annotators.</summary>
    internal static JsonObject? Json(ClassResults results, ClassifiedSet set) => SetAgreement.Of(results, set) is not { } agreement ? null : new JsonObject
    {
        ["problems"] = agreement.Items,
        ["mean"] = agreement.Mean,
        ["alpha"] = agreement.Alpha is { } alpha ? Of(alpha) : null,
        ["models"] = new JsonArray([.. agreement.Curves.Select(Json)]),
    };

    /// <summary>One curve as JSON.</summary>
    internal static JsonObject Json(AgreementCurve curve) => new()
    {
        ["points"] = new JsonArray([.. curve.Points.Select(point => new JsonObject
        {
            ["gamma"] = point.Gamma, ["problems"] = point.Items, ["accuracy"] = Of(point.Accuracy),
        })]),
        ["slope"] = curve.Fit?.Slope,
        ["r_squared"] = curve.Fit?.RSquared,
        ["spearman"] = curve.Spearman,
    };

    internal static string Summary(SetAgreement agreement) =>
        $"{Shown.Count(agreement.Items)} problems have several annotators: mean agreement {Shown.Number(agreement.Mean, 3)}, Krippendorff's alpha " +
        (agreement.Alpha is { } alpha ? ClassTable.Interval(alpha) : "not defined, since all say the same label") + ".";

    internal static string Trend(AgreementCurve curve) => curve.Fit is not { } fit ? "one threshold alone has no trend"
        : $"slope {Shown.Number(fit.Slope, 3)}, R^2 {Number(fit.RSquared)}, Spearman's rho {Number(curve.Spearman)}";

    private static string Number(double? value) => value is { } number ? Shown.Number(number, 3) : "not defined";

    private static JsonObject Of(Estimate value) => new() { ["value"] = value.Value, ["low"] = value.Low, ["high"] = value.High };
}
