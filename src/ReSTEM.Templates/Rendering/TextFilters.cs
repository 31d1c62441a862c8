using System.Numerics;
using System.Text.RegularExpressions;

namespace ReSTEM.Templates;

/// <summary>Filters of text; other values are taken as they print.</summary>
internal static partial class TextFilters
{
    internal static void AddTo(Dictionary<string, Func<Interpreter, object, CallArguments, object>> table)
    {
        Add("string", (text, arguments, _) => Plain(arguments, text));
        Add("safe", (text, arguments, _) => Plain(arguments, text));
        Add("upper", (text, arguments, _) => Plain(arguments, TextCases.Upper(text)));
        Add("lower", (text, arguments, _) => Plain(arguments, TextCases.Lower(text)));
        Add("title", (text, arguments, _) => Plain(arguments, TextCases.TitleOfWords(text)));
        Add("capitalize", (text, arguments, _) => Plain(arguments, TextCases.Capitalise(text)));
        Add("wordcount", (text, arguments, _) => Plain(arguments, new BigInteger(Word().Count(text))));
        Add("escape", (text, arguments, _) => Plain(arguments, Escape(text)));
        Add("e", (text, arguments, _) => Plain(arguments, Escape(text)));
        Add("trim", Trim);
        Add("replace", Replace);
        Add("indent", Indent);
        Add("center", Centre);
        Add("truncate", Truncate);
        table["format"] = (interpreter, value, arguments) => PercentFormat.Apply(
            ValueText.Of(value, interpreter.Budget), ListValue.Tuple([.. arguments.Positional]), interpreter.Budget);

        void Add(string name, Func<string, CallArguments, RenderBudget, object> filter) => table[name] = (interpreter, value, arguments) =>
            filter(ValueText.Of(value, interpreter.Budget), arguments, interpreter.Budget);
    }

    private static T Plain<T>(CallArguments arguments, T value)
    {
        arguments.Bind();
        return value;
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);

    private static string Trim(string text, CallArguments arguments, RenderBudget budget)
    {
        object? characters = arguments.Bind("chars")[0];
        return TextMethods.Strip(text, characters is null or None ? null : arguments.Text(characters, "chars", ""), start: true, end: true);
    }

    private static string Replace(string text, CallArguments arguments, RenderBudget budget)
    {
        object?[] given = arguments.Bind("old", "new", "count");
        string from = ValueText.Of(arguments.Required(given[0], "old"), budget);
        string to = ValueText.Of(arguments.Required(given[1], "new"), budget);
        return TextMethods.Replace(text, from, to, given[2] is null or None ? -1 : arguments.Count(given[2], "count", -1), budget);
    }

    private static string Indent(string text, CallArguments arguments, RenderBudget budget)
    {
        object?[] given = arguments.Bind("width", "first", "blank");
        string indentation = given[0] as string ?? new string(' ', Math.Clamp(arguments.Count(given[0], "width", 4), 0, 10_000));
        bool blank = CallArguments.Flag(given[2], otherwise: false);
        string[] lines = [.. TextSplitting.Lines(text + "\n")];
        budget.Charge(text.Length + ((long)lines.Length * (indentation.Length + 1)));
        for (int i = CallArguments.Flag(given[1], otherwise: false) ? 0 : 1; i < lines.Length; i++)
        {
            lines[i] = lines[i].Length > 0 || blank || i == 0 ? indentation + lines[i] : "";
        }

        return string.Join('\n', lines);
    }

    private static object Centre(string text, CallArguments arguments, RenderBudget budget)
    {
        int width = arguments.Count(arguments.Bind("width")[0], "width", 80);
        return TextMethods.Find(text, "center", budget)!.Call(new CallArguments("center", [new BigInteger(width)], new Dictionary<string, object>()));
    }

    private static string Truncate(string text, CallArguments arguments, RenderBudget budget)
    {
        object?[] given = arguments.Bind("length", "killwords", "end", "leeway");
        int length = arguments.Count(given[0], "length", 255);
        string end = arguments.Text(given[2], "end", "...");
        int leeway = given[3] is null or None ? 5 : arguments.Count(given[3], "leeway", 5);
        int kept = length - CodePoints.Count(end);
        if (kept < 0 || leeway < 0)
        {
            throw new TemplateException($"filter 'truncate' has length {length} and leeway {leeway}, expected at least the length of its end and 0.");
        }

        if (CodePoints.Count(text) <= (long)length + leeway)
        {
            return text;
        }

        budget.Step();
        string cut = text[..CodePoints.OffsetOf(text, kept)];
        int blank = CallArguments.Flag(given[1], otherwise: false) ? -1 : cut.LastIndexOf(' ');
        return (blank < 0 ? cut : cut[..blank]) + end;
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
