using ReSTEM.Cluster;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Makes what samples and trains in a run: an engine for both, or an engine and another program.</summary>
internal static class TrainerWiring
{
    /// <summary>What a configuration asks for. Another program is asked what it is, before anything is drawn.</summary>
    /// <exception cref="UsageException">It is not there, or does not honour what is asked for.</exception>
    internal static async Task<ChosenEngine> CreateAsync(RunConfig config, CancellationToken cancellationToken)
    {
        if (config.MStep.Trainer is not { } trainer)
        {
            return EngineWiring.Create(config.Engine, trains: true);
        }

        ChosenEngine sampler = EngineWiring.Create(config.Engine, trains: false);
        TrainerDescription description;
        try
        {
            description = await TrainerDescription.AskAsync(trainer.Start, cancellationToken);
        }
        catch (EngineException fault)
        {
            throw new UsageException(fault.Message);
        }

        ThrowUnlessHonoured("m_step.label_smoothing", config.MStep.LabelSmoothing > 0, TrainerDescription.LabelSmoothing);
        ThrowUnlessHonoured("m_step.adapter", config.MStep.Adapter is not null, TrainerDescription.Adapter);
        return sampler with { Engine = new CommandTrainedEngine(sampler.Engine, trainer.Start, description) };

        void ThrowUnlessHonoured(string key, bool isAsked, string feature)
        {
            if (isAsked && !description.Honours.Contains(feature))
            {
                throw new UsageException(
                    $"{key} is given, expected none: the trainer {description.Name} {description.Version} does not honour {feature} (it honours {(description.Honours.Count == 0 ? "nothing beyond weights" : string.Join(", ", description.Honours))}).");
            }
        }
    }
}
