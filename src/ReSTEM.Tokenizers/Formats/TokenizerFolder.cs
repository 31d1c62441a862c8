namespace ReSTEM.Tokenizers;

/// <summary>Finds a folder's tokenizer and reads it by what the file holds, whatever its name.</summary>
public static class TokenizerFolder
{
    private const string Json = "tokenizer.json";
    private const string Model = "tokenizer.model";
    private const string Tiktoken = "*.tiktoken";

    /// <exception cref="FileNotFoundException">There is no tokenizer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or needs something that is not supported; the message names it.</exception>
    internal static Tokenizer Read(string folderOrFile)
    {
        bool isFolder = Directory.Exists(folderOrFile);
        string file = isFolder ? FileOf(folderOrFile) : folderOrFile;
        using FileStream stream = File.OpenRead(file);
        if (file.EndsWith(".json", StringComparison.Ordinal))
        {
            return TokenizerFile.Read(stream, file);
        }

        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        TokenizerSettings settings = isFolder ? TokenizerSettings.Read(folderOrFile) : TokenizerSettings.None;
        if (TiktokenFile.IsText(bytes))
        {
            return TiktokenFile.Read(bytes, settings, file);
        }

        return bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
            ? TokenizerFile.Read(new MemoryStream(bytes), file)
            : SentencePieceTokenizer.Create(SentencePieceFile.Read(bytes, file), settings, file);
    }

    /// <summary>The files that decide a folder's tokenizer, the vocabulary first; none where it has no tokenizer.</summary>
    /// <exception cref="InvalidDataException">There are several to choose from.</exception>
    public static IReadOnlyList<string> FilesOf(string folder)
    {
        string? known = new[] { Json, Model }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        string[] others = known is null && Directory.Exists(folder) ? Directory.GetFiles(folder, Tiktoken) : [];
        string? vocabulary = others.Length > 1
            ? throw new InvalidDataException($"{folder} has {others.Length} files {Tiktoken}, expected one.")
            : known ?? others.FirstOrDefault();
        return vocabulary is null ? []
            : vocabulary.EndsWith(Json, StringComparison.Ordinal) ? [vocabulary]
            : [vocabulary, .. TokenizerSettings.Files.Select(name => Path.Combine(folder, name)).Where(File.Exists)];
    }

    private static string FileOf(string folder) => FilesOf(folder) is [string vocabulary, ..]
        ? vocabulary
        : throw new FileNotFoundException($"{folder} has no tokenizer, expected {Json}, {Model} or one {Tiktoken}.");
}
