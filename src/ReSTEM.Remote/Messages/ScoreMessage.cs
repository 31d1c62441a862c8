using System.Text.Json;

namespace ReSTEM.Remote;

/// <summary>Log-probabilities of given sequences.</summary>
internal static class ScoreMessage
{
    internal static byte[] Body(IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        prompt = sequences,
        max_tokens = 0,
        echo = true,
        logprobs = 0,
        restem_weights = policy.Weights,
    });

    /// <exception cref="RemoteException">The answer is not what was asked for.</exception>
    internal static float[][] Read(JsonElement answer, IReadOnlyList<IReadOnlyList<int>> sequences)
    {
        JsonElement[] choices = new AnswerFields(answer).List("choices");
        if (choices.Length != sequences.Count)
        {
            throw RemoteException.Malformed($"it has {choices.Length} choices, expected {sequences.Count}");
        }

        return [.. choices.Select((choice, index) => Read(new AnswerFields(choice), index, sequences[index].Count))];
    }

    private static float[] Read(AnswerFields choice, int index, int count)
    {
        JsonElement[] logs = choice.Object("logprobs").List("token_logprobs");
        return choice.Whole("index") == index && logs.Length == count
            ? [0, .. logs.Skip(1).Select(log => log.ValueKind is JsonValueKind.Number && log.TryGetSingle(out float value) ? value : throw RemoteException.Malformed("a log-probability is no number"))]
            : throw RemoteException.Malformed($"choice {index} has {logs.Length} log-probabilities, expected {count}");
    }
}
