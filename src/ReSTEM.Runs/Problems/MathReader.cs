using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A row of MATH or MATH-500: the reference is the answer field or, without one, the content of the solution's last box.</summary>
/// <remarks>Hendrycks et al. 2021, arXiv:2103.03874; Lightman et al. 2023, arXiv:2305.20050 (MATH-500).</remarks>
internal static class MathReader
{
    internal static Problem Read(DataRow row)
    {
        string solution = row.Text("solution");
        string id = row.Optional(row.Has("id") ? "id" : "unique_id");
        Dictionary<string, string> metadata = [];
        foreach (string field in (string[])["level", "type", "subject"])
        {
            if (row.Has(field))
            {
                metadata[field == "subject" ? "type" : field] = row.Optional(field);
            }
        }

        return new Problem
        {
            Id = id.Length > 0 ? $"math/{id}" : $"math/{row.Stem}/{row.Index}",
            Task = TaskKind.Math,
            Prompt = row.Text("problem"),
            Reference = row.Has("answer") ? row.Optional("answer").Trim() : LastBox(solution) ?? throw row.Bad(
                "solution", "without a \\boxed answer that is closed", "one, as there is no answer field"),
            Solution = solution,
            Metadata = metadata,
        };
    }

    /// <summary>The content of the last <c>\boxed{..}</c> or <c>\fbox{..}</c>, or of <c>\boxed x</c> up to the next blank or dollar; null without one.</summary>
    internal static string? LastBox(string text)
    {
        int start = Math.Max(text.LastIndexOf("\\boxed", StringComparison.Ordinal), text.LastIndexOf("\\fbox", StringComparison.Ordinal));
        if (start < 0)
        {
            return null;
        }

        int open = text.AsSpan(start).IndexOfAny('{', ' ', '$') + start;
        if (open < start)
        {
            return null;
        }

        if (text[open] != '{')
        {
            string rest = text[open..].TrimStart();
            int end = rest.IndexOfAny([' ', '$', '\n']);
            return end < 0 ? rest : rest[..end];
        }

        int depth = 0;
        for (int i = open; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++; // an escaped brace is text
                continue;
            }

            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return text[(open + 1)..i].Trim();
            }
        }

        return null;
    }
}
