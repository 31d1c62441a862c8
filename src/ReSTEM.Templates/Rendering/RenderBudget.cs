namespace ReSTEM.Templates;

/// <summary>What rendering may take, so that no template hangs or fills the memory.</summary>
internal sealed class RenderBudget
{
    internal const int MostSteps = 2_000_000;
    internal const int MostText = 1 << 23;
    internal const long MostWritten = 1L << 26;
    internal const int MostDepth = 200;

    private int _steps;
    private long _written;
    private int _depth;

    /// <summary>Takes one step.</summary>
    /// <exception cref="TemplateException">There were too many.</exception>
    internal void Step() => Step(1);

    /// <summary>Takes several steps.</summary>
    internal void Step(int count)
    {
        if ((_steps += count) > MostSteps)
        {
            throw new TemplateException($"the template takes more than {MostSteps} steps, expected at most that.");
        }
    }

    /// <summary>Takes the steps of looking at a value: more for a long text, whatever is done with it.</summary>
    internal void Look(object value)
    {
        if (value is string { Length: >= 256 } text)
        {
            Step(text.Length >> 8);
        }
    }

    /// <summary>A text, or rows, of this length can be made.</summary>
    /// <exception cref="TemplateException">It would be too long.</exception>
    internal static void RequireRoom(long length)
    {
        if (length > MostText)
        {
            throw new TemplateException($"the template makes {length} characters or items at once, expected at most {MostText}.");
        }
    }

    /// <summary>Counts what was made, or is about to be.</summary>
    /// <exception cref="TemplateException">All together is too much.</exception>
    internal void Charge(long length)
    {
        RequireRoom(length);
        if ((_written += length) > MostWritten)
        {
            throw new TemplateException($"the template makes more than {MostWritten} characters and items in all, expected at most that.");
        }
    }

    internal string Charge(string text)
    {
        Charge(text.Length);
        return text;
    }

    /// <summary>Goes one level in; <see cref="Leave"/> goes out again.</summary>
    /// <exception cref="TemplateException">It is too deep.</exception>
    internal void Enter()
    {
        Step();
        if (++_depth > MostDepth)
        {
            throw new TemplateException($"the template nests calls and expressions more than {MostDepth} deep, expected at most that.");
        }
    }

    internal void Leave() => _depth--;
}
