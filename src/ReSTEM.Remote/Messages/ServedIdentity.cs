using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>What a server says that its answers are of.</summary>
/// <param name="Weights">SHA-256, as a fingerprint has it.</param>
/// <param name="Engine">What computes.</param>
/// <param name="Digests">Of configuration and tokenizer.</param>
internal sealed record ServedIdentity(string Weights, EngineFingerprint Engine, IReadOnlyDictionary<string, string> Digests)
{
    /// <summary>Of an answer, or of a model in a list.</summary>
    /// <exception cref="RemoteException">It does not say.</exception>
    internal static ServedIdentity Of(JsonElement owner)
    {
        var answer = new AnswerFields(owner);
        AnswerFields identity = answer.Object("restem"), engine = identity.Object("engine");
        return new ServedIdentity(
            identity.Text("weights"),
            new EngineFingerprint(
                engine.Text("name"), engine.Text("version"), engine.Text("dtype"), engine.Flag("deterministic"), engine.Text("device"), engine.Text("shapes")),
            identity.Object("digests").Texts());
    }

    /// <summary>Of the answer to a question for models; null where there is none.</summary>
    /// <exception cref="RemoteException">It lists more than one, or one of another program.</exception>
    internal static ServedIdentity? OfModels(JsonElement answer) => new AnswerFields(answer).List("data") switch
    {
        [] => null,
        [{ ValueKind: JsonValueKind.Object } model] when model.TryGetProperty("restem", out _) => Of(model),
        [_] => throw new RemoteException("it is another program, expected restem serve: no other tells what weights it has", isTransient: false),
        var models => throw new RemoteException($"it serves {models.Length} models, expected 1: start it as restem serve --model DIR", isTransient: false),
    };
}
