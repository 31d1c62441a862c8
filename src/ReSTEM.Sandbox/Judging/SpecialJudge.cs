namespace ReSTEM.Sandbox;

/// <summary>Asks a data set's own <c>check(input, expected, output)</c>, in a process for test code.</summary>
internal static class SpecialJudge
{
    /// <summary>Whether it accepts the output; one that raises or runs over a limit does not.</summary>
    public static async Task<bool> AcceptsAsync(
        CodeSandbox sandbox, string checker, PyValue input, PyValue expected, PyValue output, CancellationToken cancellationToken)
    {
        byte[] payload = PyCodec.Encode(PyValue.TupleOf(PyValue.Of(checker), input, expected, output));
        var run = await sandbox.RunTestCodeAsync(RunMode.SpecialJudge, payload, cancellationToken);
        var messages = ChildFrames.ReadAll(run.Output);
        return messages is [var message] && message.Span[0] == 'v' && PyCodec.Decode(message.Span[1..]) is { Kind: PyKind.Bool, Integer.IsOne: true };
    }
}
