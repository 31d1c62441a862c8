namespace ReSTEM.Runs;

/// <summary>
/// Python writes <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> into its JSON, which JSON does not know; data sets made with Python
/// hold them.
/// </summary>
public static class PythonNumbers
{
    private static readonly (byte[] Word, byte[] Instead)[] Words =
    [
        ("-Infinity"u8.ToArray(), "-1e999"u8.ToArray()),
        ("Infinity"u8.ToArray(), "1e999"u8.ToArray()),
        ("NaN"u8.ToArray(), """{"$float":"nan"}"""u8.ToArray()),
    ];

    /// <summary>
    /// The JSON with an infinity as a number beyond every double, and a NaN as <see cref="Core.PythonJson"/> says it; null when there is
    /// none of them outside of texts.
    /// </summary>
    /// <param name="json">Any bytes; what is no JSON stays none.</param>
    public static byte[]? Mended(ReadOnlySpan<byte> json)
    {
        var mended = new List<byte>(json.Length + 16);
        bool inText = false;
        bool found = false;
        for (int at = 0; at < json.Length; at++)
        {
            byte one = json[at];
            if (inText && one == '\\' && at + 1 < json.Length)
            {
                mended.Add(one);
                mended.Add(json[++at]);
                continue;
            }

            inText ^= one == '"';
            if (!inText && WordAt(json[at..]) is { Word: { } word } match)
            {
                mended.AddRange(match.Instead);
                at += word.Length - 1;
                found = true;
                continue;
            }

            mended.Add(one);
        }

        return found ? [.. mended] : null;
    }

    private static (byte[]? Word, byte[] Instead) WordAt(ReadOnlySpan<byte> rest)
    {
        foreach (var (word, instead) in Words)
        {
            if (rest.StartsWith(word))
            {
                return (word, instead);
            }
        }

        return (null, []);
    }
}
