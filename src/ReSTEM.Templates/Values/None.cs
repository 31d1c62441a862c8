namespace ReSTEM.Templates;

/// <summary>Python's None.</summary>
internal sealed class None
{
    private None()
    {
    }

    internal static None Value { get; } = new();
}

/// <summary>What a name, attribute or item gives that is not there: empty text, false, no items; anything else with it is a fault.</summary>
/// <param name="reason">The fault, in words.</param>
internal sealed class Undefined(string reason)
{
    internal string Reason => reason;

    internal TemplateException Fault() => new(reason);
}
