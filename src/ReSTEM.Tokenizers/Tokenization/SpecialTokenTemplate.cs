namespace ReSTEM.Tokenizers;

/// <summary>The special tokens put around an encoded text.</summary>
/// <param name="Before">In front, for example the begin token.</param>
/// <param name="After">Behind.</param>
internal sealed record SpecialTokenTemplate(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    internal static SpecialTokenTemplate None { get; } = new([], []);

    /// <summary>Reads the <c>post_processor</c> of a tokenizer.json.</summary>
    internal static SpecialTokenTemplate Read(JsonPart part, int depth = 0)
    {
        switch (part.Type)
        {
            case "ByteLevel": // concerns offsets only
                return None;
            case "TemplateProcessing":
                return ReadTemplate(part);
            case "BertProcessing" or "RobertaProcessing":
                return new([ReadNamedId(part.Get("cls"))], [ReadNamedId(part.Get("sep"))]);
            case "Sequence" when depth < JsonPart.MaxNesting:
                SpecialTokenTemplate result = None;
                foreach (SpecialTokenTemplate step in part.Get("processors").Items().Select(step => Read(step, depth + 1)))
                {
                    result = new([.. step.Before, .. result.Before], [.. result.After, .. step.After]);
                }

                return result;
            default:
                throw part.Get("type").Bad(
                    $"'{part.Type}'", "one of 'ByteLevel', 'TemplateProcessing', 'BertProcessing', 'RobertaProcessing', 'Sequence'");
        }
    }

    private static int ReadNamedId(JsonPart part)
    {
        JsonPart[] items = [.. part.Items()];
        return items.Length == 2 ? items[1].AsTokenId() : throw part.Bad($"{items.Length} values", "a token and its id");
    }

    private static SpecialTokenTemplate ReadTemplate(JsonPart part)
    {
        List<int> before = [];
        List<int> after = [];
        bool textSeen = false;
        foreach (JsonPart item in part.Get("single").Items())
        {
            if (!item.Lacks("Sequence"))
            {
                textSeen = textSeen ? throw item.Bad("the text a second time", "it once") : true;
                continue;
            }

            string name = item.Get("SpecialToken").Get("id").AsString();
            foreach (JsonPart id in part.Get("special_tokens").Get(name).Get("ids").Items())
            {
                (textSeen ? after : before).Add(id.AsTokenId());
            }
        }

        return textSeen ? new(before, after) : throw part.Get("single").Bad("without the text", "the text once");
    }
}
