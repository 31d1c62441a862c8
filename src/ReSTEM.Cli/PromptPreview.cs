using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>
/// Shows what a model is given and trained on: tokens between bars, those that count in the loss in square brackets.
/// </summary>
internal static class PromptPreview
{
    /// <summary>A problem's prompt as an untrained policy sees it, and the training sequence of its own solution or answer.</summary>
    /// <exception cref="InvalidDataException">The prompt begins with two begin tokens.</exception>
    internal static IEnumerable<string> Lines(ModelInfo model, PromptOptions options, Problem problem)
    {
        int[] prompt = Prompts.Encode(model, problem, options, isUntrained: true);
        if (ChatFormat.DoubleBegin(model, prompt) is { } twice)
        {
            throw new InvalidDataException(
                $"the prompt of '{problem.Id}' begins with the begin token {twice} twice, expected once: the tokenizer adds it, and prompt.template has it too.");
        }

        yield return $"{problem.Id} is given as:";
        yield return "  " + string.Join('|', prompt.Select(id => Shown(model, id)));
        string answer = problem.Solution.Length > 0 ? problem.Solution : problem.Reference;
        if (new TrainingSequences(model, options, sameTokenizer: false).Of(problem, new WeightedExample(null, answer, 1, 1)) is { } sequence)
        {
            yield return "  and trained on with loss on what is in brackets:";
            yield return "  " + string.Join('|', sequence.TokenIds.Select((id, t) => t >= sequence.PromptLength ? $"[{Shown(model, id)}]" : Shown(model, id)));
        }
    }

    private static string Shown(ModelInfo model, int id)
    {
        string text = model.Show([id]).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
        return text.Length > 0 ? text : $"({id})";
    }
}
