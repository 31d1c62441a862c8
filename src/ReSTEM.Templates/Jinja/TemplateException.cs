namespace ReSTEM.Templates;

/// <summary>What is wrong with a template, or with what it is rendered with; becomes one line with its place before it leaves this project.</summary>
public sealed class TemplateException(string message, int position = TemplateException.Nowhere) : Exception(message)
{
    /// <summary>The place is not known yet.</summary>
    public const int Nowhere = -1;

    /// <summary>Offset in the template's text; <see cref="Nowhere"/> until the node that it arose in is known.</summary>
    internal int Position { get; private set; } = position;

    /// <summary>Notes the place unless a node further in did; never true, so that an exception filter passes the fault on.</summary>
    internal bool IsHandledAt(int position)
    {
        Position = Position == Nowhere ? position : Position;
        return false;
    }
}
