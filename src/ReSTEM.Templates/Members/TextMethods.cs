using System.Globalization;
using System.Numerics;
using System.Text;

namespace ReSTEM.Templates;

/// <summary>The methods of text that templates may call.</summary>
internal static class TextMethods
{
    private static readonly Dictionary<string, Func<string, CallArguments, RenderBudget, object>> Known = new(StringComparer.Ordinal)
    {
        ["strip"] = (text, arguments, _) => Strip(text, arguments, start: true, end: true),
        ["lstrip"] = (text, arguments, _) => Strip(text, arguments, start: true, end: false),
        ["rstrip"] = (text, arguments, _) => Strip(text, arguments, start: false, end: true),
        ["split"] = (text, arguments, budget) => TextSplitting.Split(text, arguments, fromEnd: false, budget),
        ["rsplit"] = (text, arguments, budget) => TextSplitting.Split(text, arguments, fromEnd: true, budget),
        ["splitlines"] = (text, arguments, budget) => TextSplitting.Lines(text, arguments, budget),
        ["partition"] = (text, arguments, _) => TextSplitting.Partition(text, arguments, fromEnd: false),
        ["rpartition"] = (text, arguments, _) => TextSplitting.Partition(text, arguments, fromEnd: true),
        ["startswith"] = (text, arguments, _) => Affixes(arguments).Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        ["endswith"] = (text, arguments, _) => Affixes(arguments).Any(suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        ["removeprefix"] = (text, arguments, _) => One(arguments, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        ["removesuffix"] = (text, arguments, _) => One(arguments, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        ["replace"] = Replace,
        ["upper"] = (text, arguments, _) => Plain(arguments, TextCases.Upper(text)),
        ["lower"] = (text, arguments, _) => Plain(arguments, TextCases.Lower(text)),
        ["title"] = (text, arguments, _) => Plain(arguments, TextCases.Title(text)),
        ["capitalize"] = (text, arguments, _) => Plain(arguments, TextCases.Capitalise(text)),
        ["find"] = (text, arguments, _) => Position(text, text.IndexOf(One(arguments, "sub"), StringComparison.Ordinal)),
        ["rfind"] = (text, arguments, _) => Position(text, text.LastIndexOf(One(arguments, "sub"), StringComparison.Ordinal)),
        ["index"] = (text, arguments, _) => text.IndexOf(One(arguments, "sub"), StringComparison.Ordinal) is var found and >= 0
            ? Position(text, found)
            : throw new TemplateException("a text is looked for in another that does not hold it, expected one that does."),
        ["count"] = Count,
        ["join"] = (text, arguments, budget) => Join(text, ValueKinds.Items(arguments.Required(arguments.Bind("iterable")[0], "iterable")), budget),
        ["isdigit"] = (text, arguments, _) => All(text, arguments, point => CharUnicodeInfo.GetDigitValue(point, 0) >= 0),
        ["isalpha"] = (text, arguments, _) => All(text, arguments, point => char.IsLetter(point, 0)),
        ["isalnum"] = (text, arguments, _) => All(text, arguments, point => char.IsLetter(point, 0) || CharUnicodeInfo.GetNumericValue(point, 0) >= 0),
        ["isspace"] = (text, arguments, _) => All(text, arguments, point => WhiteSpace.Is(point[0])),
        ["isupper"] = (text, arguments, _) => Plain(arguments, text.Any(char.IsUpper) && !text.Any(char.IsLower)),
        ["islower"] = (text, arguments, _) => Plain(arguments, text.Any(char.IsLower) && !text.Any(char.IsUpper)),
        ["zfill"] = (text, arguments, budget) => Pad(text, arguments, budget, '0', (filler, _) =>
            text.Length > 0 && text[0] is ('-' or '+') ? text[0] + filler + text[1..] : filler + text),
        ["ljust"] = (text, arguments, budget) => Pad(text, arguments, budget, ' ', (filler, _) => text + filler),
        ["rjust"] = (text, arguments, budget) => Pad(text, arguments, budget, ' ', (filler, _) => filler + text),
        ["center"] = (text, arguments, budget) => Pad(text, arguments, budget, ' ', (filler, width) =>
        {
            int left = (filler.Length / 2) + (filler.Length & width & 1);
            return filler[..left] + text + filler[left..];
        }),
    };

    /// <summary>Methods that Python's text has besides; calling one is refused by name.</summary>
    private static readonly string[] Refused =
    [
        "casefold", "encode", "expandtabs", "format", "format_map", "isascii", "isdecimal", "isidentifier", "isnumeric", "isprintable",
        "istitle", "maketrans", "rindex", "swapcase", "translate",
    ];

    internal static IEnumerable<string> Names => Known.Keys;

    /// <summary>A method of a text; null where text has none of the name.</summary>
    internal static FunctionValue? Find(string text, string name, RenderBudget budget) => Known.TryGetValue(name, out var method)
        ? new FunctionValue($"str.{name}", arguments => Charged(method(text, arguments, budget), budget))
        : Refused.Contains(name)
            ? new FunctionValue($"str.{name}", _ => throw new TemplateException($"'str.{name}' is called, expected one of {string.Join(", ", Known.Keys)}."))
            : null;

    private static object Charged(object result, RenderBudget budget) => result is string text ? budget.Charge(text) : result;

    internal static string Strip(string text, string? characters, bool start, bool end)
    {
        if (characters is null)
        {
            text = end ? WhiteSpace.TrimEnd(text) : text;
            return start ? WhiteSpace.TrimStart(text) : text;
        }

        if (!CodePoints.ArePlain(characters))
        {
            return StripPoints(text, [.. CodePoints.Of(characters)], start, end);
        }

        char[] set = [.. characters];
        text = end && set.Length > 0 ? text.TrimEnd(set) : text;
        return start && set.Length > 0 ? text.TrimStart(set) : text;
    }

    internal static string Join(string separator, IEnumerable<object> items, RenderBudget budget)
    {
        var joined = new StringBuilder();
        bool isFirst = true;
        foreach (object item in items)
        {
            joined.Append(isFirst ? "" : separator).Append(item as string ?? throw new TemplateException(
                $"'str.join' joins a value of type {ValueKinds.NameOf(item)}, expected texts."));
            RenderBudget.RequireRoom(joined.Length);
            budget.Step();
            isFirst = false;
        }

        return joined.ToString();
    }

    private static string Strip(string text, CallArguments arguments, bool start, bool end) =>
        Strip(text, arguments.Bind("chars")[0] is { } given and not None ? arguments.Text(given, "chars", "") : null, start, end);

    private static string StripPoints(string text, HashSet<string> points, bool start, bool end)
    {
        var all = CodePoints.Of(text).ToList();
        int from = start ? all.TakeWhile(points.Contains).Count() : 0;
        int to = end ? all.Count - all.AsEnumerable().Reverse().TakeWhile(points.Contains).Count() : all.Count;
        return from < to ? string.Concat(all[from..to]) : "";
    }

    internal static string Replace(string text, string from, string to, int count, RenderBudget budget)
    {
        if (count == 0 || (from.Length > 0 && !text.Contains(from, StringComparison.Ordinal)))
        {
            return text;
        }

        var replaced = new StringBuilder();
        int done = 0;
        if (from.Length == 0)
        {
            foreach (string point in CodePoints.Of(text).Append(""))
            {
                replaced.Append(count < 0 || done++ < count ? to : "").Append(point);
                RenderBudget.RequireRoom(replaced.Length);
            }

            return replaced.ToString();
        }

        int next = 0;
        for (int found; (found = text.IndexOf(from, next, StringComparison.Ordinal)) >= 0 && (count < 0 || done < count); done++)
        {
            replaced.Append(text, next, found - next).Append(to);
            RenderBudget.RequireRoom(replaced.Length);
            budget.Step();
            next = found + from.Length;
        }

        return replaced.Append(text, next, text.Length - next).ToString();
    }

    private static string Replace(string text, CallArguments arguments, RenderBudget budget)
    {
        object?[] given = arguments.Bind("old", "new", "count");
        return Replace(
            text, arguments.Text(arguments.Required(given[0], "old"), "old", ""), arguments.Text(arguments.Required(given[1], "new"), "new", ""),
            arguments.Count(given[2], "count", -1), budget);
    }

    private static object Count(string text, CallArguments arguments, RenderBudget budget)
    {
        string part = One(arguments, "sub");
        if (part.Length == 0)
        {
            return new BigInteger(CodePoints.Count(text) + 1);
        }

        int count = 0;
        for (int found, next = 0; (found = text.IndexOf(part, next, StringComparison.Ordinal)) >= 0; next = found + part.Length)
        {
            budget.Step();
            count++;
        }

        return new BigInteger(count);
    }

    private static string Pad(string text, CallArguments arguments, RenderBudget budget, char otherwise, Func<string, int, string> put)
    {
        object?[] given = otherwise == '0' ? arguments.Bind("width") : arguments.Bind("width", "fillchar");
        int width = arguments.Count(arguments.Required(given[0], "width"), "width", 0);
        string filler = otherwise == '0' ? "0" : arguments.Text(given[1], "fillchar", " ");
        budget.Charge(width);
        int missing = width - CodePoints.Count(text);
        return filler.Length != 1
            ? throw arguments.Wrong(filler, "fillchar", "one character")
            : missing <= 0 ? text : put(new string(filler[0], missing), width);
    }

    private static object Position(string text, int offset) => new BigInteger(offset < 0 ? -1 : CodePoints.Count(text[..offset]));

    private static string One(CallArguments arguments, string name) =>
        arguments.Text(arguments.Required(arguments.Bind(name)[0], name), name, "");

    private static T Plain<T>(CallArguments arguments, T value)
    {
        arguments.Bind();
        return value;
    }

    private static bool All(string text, CallArguments arguments, Func<string, bool> test) => Plain(arguments, text.Length > 0 && CodePoints.Of(text).All(test));

    private static IEnumerable<string> Affixes(CallArguments arguments)
    {
        object given = arguments.Required(arguments.Bind("affix")[0], "affix");
        return given is ListValue { Kind: ListKind.Tuple } several
            ? several.Items.Select(item => arguments.Text(item, "affix", ""))
            : [arguments.Text(given, "affix", "")];
    }
}
