using System.CommandLine;

namespace ReSTEM.Cli;

/// <summary>How answers are found, for verbs that have no configuration.</summary>
internal sealed class AnswerArguments
{
    private readonly Option<bool> _noLastNumber = new("--no-last-number")
    {
        Description = "Judge a math completion that neither marks nor states an answer as Unparsable instead of by its last number, as run does.",
    };

    internal void AddTo(Command verb) => verb.Options.Add(_noLastNumber);

    /// <summary>Whether the last number may be an answer.</summary>
    internal bool LastNumber(ParseResult parsed) => !parsed.GetValue(_noLastNumber);
}
