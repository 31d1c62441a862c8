namespace ReSTEM.Remote;

/// <summary>Servers of another program.</summary>
public sealed record ForeignServer
{
    /// <summary>Digits of a SHA-256 in the name of what is served.</summary>
    internal const int NameDigits = 16;

    /// <summary>Whether it is llama.cpp's server, which has an interface of its own; else one that speaks OpenAI's API as vLLM extends it.</summary>
    public bool IsLlamaCpp { get; init; }

    /// <summary>What they call the model; llama.cpp's with a dash and the first 16 digits of the weights' SHA-256 behind it.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Starts a server with other weights: a program and its arguments. Its environment has RESTEM_ENDPOINT, RESTEM_MODEL (what the server is to call it),
    /// RESTEM_FOLDER and RESTEM_SHA256. Empty for none.
    /// </summary>
    public IReadOnlyList<string> LoadCommand { get; init; } = [];

    /// <summary>Whether token ids are made of the text here, for servers that do not tell them.</summary>
    public bool Reencodes { get; init; }
}
