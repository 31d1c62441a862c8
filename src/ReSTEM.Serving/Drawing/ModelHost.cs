using Microsoft.AspNetCore.Http;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>
/// Holds the served model, and puts another in its place: answers that are under way end with the weights that they began with, and no answer begins
/// while weights change. Safe for several threads.
/// </summary>
/// <param name="engine">Computes.</param>
/// <param name="name">What the model is called, whichever weights it has.</param>
/// <param name="notice">Is told what the owner should know.</param>
internal sealed class ModelHost(IEngine engine, string name, Action<string> notice) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _loading = new(1);
    private ServedModel? _model;
    private int _uses;
    private TaskCompletionSource? _change; // set while weights change: who comes waits
    private TaskCompletionSource? _unused;

    /// <summary>What is served now; null while there is nothing.</summary>
    internal ServedModel? Model
    {
        get
        {
            lock (_lock)
            {
                return _model;
            }
        }
    }

    /// <summary>The model, which stays until the use is disposed of.</summary>
    /// <param name="weights">What the caller expects; null for any.</param>
    /// <param name="cancellationToken">Stops waiting for a change to end.</param>
    /// <exception cref="ApiException">There is none, or it has other weights.</exception>
    internal async Task<ModelUse> EnterAsync(string? weights, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_change is null)
                {
                    ServedModel model = _model ?? throw new ApiException(StatusCodes.Status503ServiceUnavailable, "no model is loaded: the last load failed.");
                    if (weights is not null && weights != model.Fingerprint.WeightsSha256)
                    {
                        throw new ApiException(
                            StatusCodes.Status409Conflict, $"restem_weights is {weights}, expected {model.Fingerprint.WeightsSha256}, which is served here.", "restem_weights");
                    }

                    _uses++;
                    return new ModelUse(model, Leave);
                }

                change = _change.Task;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Opens a policy in place of what is served.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or not the one that is named; what was served is served on where that shows before.</exception>
    /// <exception cref="EngineException">The engine cannot open it.</exception>
    internal async Task LoadAsync(PolicyRef policy, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (policy.Adapter is null)
            {
                policy.ThrowUnlessIs(engine.Resolve(policy.Folder).Sha256); // before what is served is given up
            }

            ModelInfo info = engine.Describe(policy);
            await CloseAsync(cancellationToken);
            try
            {
                IPolicy opened = await Task.Run(() => engine.Open(policy), CancellationToken.None);
                Set(new ServedModel(name, info, opened.Fingerprint, new DrawDesk(opened, notice)));
            }
            finally
            {
                EndChange();
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ServedModel? model = Model;
        Set(null);
        if (model is not null)
        {
            await model.Desk.DisposeAsync();
        }

        _loading.Dispose();
    }

    /// <summary>Lets nobody in any more, and closes the model when the last has left.</summary>
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        Task unused;
        ServedModel? model;
        lock (_lock)
        {
            _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _unused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            unused = _uses == 0 ? Task.CompletedTask : _unused.Task;
            model = _model;
        }

        try
        {
            await unused.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            EndChange();
            throw;
        }

        Set(null);
        if (model is not null)
        {
            await model.Desk.DisposeAsync();
        }
    }

    private void Set(ServedModel? model)
    {
        lock (_lock)
        {
            _model = model;
        }
    }

    private void EndChange()
    {
        lock (_lock)
        {
            _change?.TrySetResult();
            (_change, _unused) = (null, null);
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_uses == 0)
            {
                _unused?.TrySetResult();
            }
        }
    }
}

/// <summary>A model that is being used.</summary>
/// <param name="Model">What is used.</param>
/// <param name="Leave">Ends the use.</param>
internal sealed record ModelUse(ServedModel Model, Action Leave) : IDisposable
{
    public void Dispose() => Leave();
}
