using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What is wrong with a command line, in the words of this program.</summary>
internal static partial class UsageText
{
    /// <summary>One message for each fault; none where there is none.</summary>
    internal static IReadOnlyList<string> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command == parsed.RootCommandResult.Command && parsed.UnmatchedTokens is [var typed, ..])
        {
            return [Unknown("verb", typed, [.. command.Subcommands.Select(verb => verb.Name)])];
        }

        // What looks like an option and is none is taken for an argument, and what should have been the argument for one too many.
        string[] options =
        [
            .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
                .Concat(parsed.UnmatchedTokens).Where(token => token.StartsWith("--", StringComparison.Ordinal)),
        ];
        return options.Length > 0
            ? [.. options.Select(option => Unknown("option", option, [.. command.Options.Select(known => known.Name)]))]
            : [.. parsed.UnmatchedTokens.Take(1).Select(token => $"'{token}' is one argument too many, expected options after {command.Name} as its help shows."),
                .. parsed.Errors.Select(error => Translate(error.Message, command)).Distinct().Where(message => !message.StartsWith("Unrecognized", StringComparison.Ordinal))];
    }

    private static string Unknown(string what, string typed, IReadOnlyList<string> names) =>
        NearestName.Of(typed, names) is { } near
            ? $"'{typed}' is no {what}; did you mean {near}?"
            : $"'{typed}' is no {what}, expected one of {string.Join(", ", names)}.";

    /// <summary>Names of a type with few values that the command has an argument or option of.</summary>
    private static string[] Choices(string type, Command command) => command.Arguments.Select(argument => argument.ValueType)
        .Concat(command.Options.Select(option => option.ValueType))
        .FirstOrDefault(known => known.IsEnum && known.FullName == type) is { } found
            ? [.. Enum.GetNames(found).Select(name => name.ToLowerInvariant())]
            : [];

    private static string Translate(string message, Command command) => WrongType().Match(message) is not { Success: true } wrong
        ? message
        : $"{wrong.Groups["name"].Value} is '{wrong.Groups["value"].Value}', expected {Kind(wrong.Groups["type"].Value, command)}.";

    private static string Kind(string type, Command command) => type switch
    {
        _ when Choices(type, command) is { Length: > 0 } names => $"one of {string.Join(", ", names)}",
        _ when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("Double", StringComparison.Ordinal) => "a number, for example 0.7",
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "nothing after it, or true or false",
        _ => "another value",
    };

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (?:option|command) '(?<name>[^']*)' as expected type '(?<type>.*)'\\.", RegexOptions.Singleline)]
    private static partial Regex WrongType();
}
