using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Problems of EvalPlus with another right answer than the reference's. Two of its published exceptions are not made here, because they
/// accept a function that does nothing: that of Mbpp/164, which any result satisfies, and that of Mbpp/295, which 0 always does.
/// </summary>
internal static class EvalPlusOracles
{
    /// <summary>The name of the function in <see cref="MoreResults"/>.</summary>
    internal const string MoreResultsName = "also_right";

    private static readonly string[] SameElements =
    [
        "similar_elements", "find_char_long", "common_in_nested_lists", "extract_singly", "larg_nnum", "intersection_array", "find_dissimilar",
        "Diff",
    ];

    private static readonly string[] NoneOrNot = ["check_str", "text_match_three", "text_starta_endb"];

    /// <summary>How results are compared.</summary>
    internal static ReferenceOracle Of(string id, string entryPoint) => id.Split('/')[0] switch
    {
        "HumanEval" when entryPoint == "find_zero" => ReferenceOracle.RootOfPolynomial,
        "Mbpp" when SameElements.Contains(entryPoint) => ReferenceOracle.SameElements,
        "Mbpp" when NoneOrNot.Contains(entryPoint) => ReferenceOracle.NoneOrNot,
        _ => ReferenceOracle.Equal,
    };

    /// <summary>Python source of a function whose results are right as well; empty when there is none.</summary>
    internal static string MoreResults(string id) => id switch
    {
        // The height of the pyramid from its base to its apex instead of along its side.
        "Mbpp/581" => """


            def also_right(base_edge, height):
                slant = ((base_edge / 2) ** 2 + height ** 2) ** 0.5
                return round(base_edge ** 2 + 2 * base_edge * slant)

            """,
        // The distance of the digits place by place, the shorter number filled up with zeros.
        "Mbpp/558" => """


            def also_right(a, b):
                a, b = str(a), str(b)
                size = max(len(a), len(b))
                return sum(abs(int(x) - int(y)) for x, y in zip(a.zfill(size), b.zfill(size)))

            """,
        _ => "",
    };
}
