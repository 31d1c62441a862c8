namespace ReSTEM.Core;

/// <summary>
/// What JSON cannot say of Python values, as objects of one key: <c>{"$tuple": [...]}</c>, <c>{"$set": [...]}</c>,
/// <c>{"$dict": [[key, value], ...]}</c>, <c>{"$complex": [real, imaginary]}</c>, <c>{"$float": "nan"}</c>.
/// </summary>
public static class PythonJson
{
    /// <summary>A tuple of the list's values.</summary>
    public const string Tuple = "$tuple";

    /// <summary>A set of the list's values.</summary>
    public const string Set = "$set";

    /// <summary>A dictionary of pairs: for keys that are no texts, or for one that looks like these objects.</summary>
    public const string Dict = "$dict";

    /// <summary>A complex number: its real and imaginary part.</summary>
    public const string Complex = "$complex";

    /// <summary>A float by name: <c>nan</c>, <c>inf</c> or <c>-inf</c>.</summary>
    public const string Float = "$float";

    /// <summary>Whether a key is one of these.</summary>
    public static bool IsMark(string key) => key is Tuple or Set or Dict or Complex or Float;
}
