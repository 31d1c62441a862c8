using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>The stages of <c>restem train</c>, each resumable; stage i stands in the ledger as iteration i.</summary>
internal sealed class StagedTraining(TrainConfig config, string home, RunFolder folder, ILoopProgress progress)
{
    private const string Phase = "train";
    private readonly PhaseClock _clock = new(folder.Ledger, progress, config.Stages.Count, TimeProvider.System);

    /// <summary>Trains what is left; gives the folder of the trained model.</summary>
    internal async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        string current = config.Base.Length > 0 ? Path.Combine(home, config.Base) : Initial();
        for (int stage = 1; stage <= config.Stages.Count; stage++)
        {
            await TrainAsync(config.Stages[stage - 1], stage, current, cancellationToken);
            current = folder.Ledger.PolicyFolder(stage);
        }

        return current;
    }

    /// <summary>A model with random weights and a tokenizer trained on the first stage's corpus.</summary>
    private string Initial()
    {
        string initial = Path.Combine(folder.Path, "initial");
        if (Directory.Exists(initial))
        {
            return initial;
        }

        ModelShape shape = config.Model!;
        byte[] tokenizerJson = TrainTokenizer(config.Tokenizer!, config.Stages[0].Corpus!);
        string tokenizerFolder = Directory.CreateDirectory(Path.Combine(folder.Path, "tokenizer")).FullName;
        File.WriteAllBytes(Path.Combine(tokenizerFolder, "tokenizer.json"), tokenizerJson);
        var tokenizer = Tokenizer.Load(tokenizerFolder);
        var model = new ModelConfig
        {
            Architecture = shape.Family is ModelFamily.Llama ? ModelArchitecture.Llama : ModelArchitecture.Qwen2,
            ModelDim = shape.ModelDim,
            LayerCount = shape.Layers,
            HeadCount = shape.Heads,
            KvHeadCount = shape.KvHeads == 0 ? shape.Heads : shape.KvHeads,
            HeadDim = shape.ModelDim / shape.Heads,
            FeedForwardDim = shape.FeedForwardDim,
            VocabularySize = tokenizer.VocabularySize,
            ContextLength = shape.ContextLength,
            NormEpsilon = 1e-5f,
            RopeTheta = shape.RopeTheta,
            TiedEmbeddings = shape.TiedEmbeddings,
            EndTokenIds = [tokenizer.IdOf(QuickstartCorpus.EndToken)!.Value],
        };
        var random = RandomStream.Of((ulong)config.Seed, RandomPurpose.Initialization);
        ModelFolder.Save(initial, ModelInitializer.Create(model, random), tokenizerFolder);
        return initial;
    }

    private static byte[] TrainTokenizer(TokenizerTraining training, CorpusConfig corpus)
    {
        var texts = QuickstartCorpus.Documents(corpus.Mix, corpus.Name, (ulong)corpus.Seed)
            .Take(training.Documents)
            .Select(document => document.Prompt + document.Completion);
        return BpeTrainer.Train(texts, QuickstartCorpus.TokenizerPattern, training.VocabularySize, [QuickstartCorpus.EndToken]);
    }

    private async Task TrainAsync(TrainStage stage, int number, string from, CancellationToken cancellationToken)
    {
        if (folder.Ledger.IsComplete(number, Phase))
        {
            return;
        }

        var tokenizer = Tokenizer.Load(from);
        int end = ModelConfigReader.Read(from).EndTokenIds[0];
        var sequences = stage.Corpus is { } corpus ? FromCorpus(corpus, tokenizer, end) : FromProblems(stage.Problems!, tokenizer, end);
        long steps = (sequences.Count + stage.Optimizer.BatchSequences - 1) / stage.Optimizer.BatchSequences * (long)stage.Epochs;
        await _clock.RunAsync(number, Phase, "steps", steps, async () =>
        {
            var job = new TrainingJob
            {
                BaseFolder = from,
                OutputFolder = folder.Ledger.PolicyFolder(number),
                StateFolder = folder.Ledger.TrainerFolder(number),
                Sequences = sequences,
                Optimizer = stage.Optimizer,
                Epochs = stage.Epochs,
                Shuffle = stage.Shuffle,
                Random = RandomStream.Of((ulong)config.Seed, RandomPurpose.BatchOrder).At(number, "", 0),
            };
            var recorder = new StepRecorder(folder.Ledger, _clock, number);
            var trainer = new ManagedTrainer(Wiring.ThreadCount(config.Engine.Threads));
            var result = await recorder.WatchAsync(watch => trainer.TrainAsync(job, watch, cancellationToken));
            folder.Ledger.WriteTraining(number, result);
            return FormattableString.Invariant($"{result.Steps:N0} steps, {result.Tokens:N0} tokens, loss {result.FinalLoss:F3}");
        });
    }

    private static List<TrainingSequence> FromCorpus(CorpusConfig corpus, Tokenizer tokenizer, int end)
    {
        var sequences = new List<TrainingSequence>();
        long tokens = 0;
        foreach (CorpusDocument document in QuickstartCorpus.Documents(corpus.Mix, corpus.Name, (ulong)corpus.Seed))
        {
            sequences.Add(Sequence(tokenizer, document.Prompt, document.Completion, document.LossOnPrompt, end));
            tokens += sequences[^1].TokenIds.Count;
            if (tokens >= corpus.Tokens)
            {
                break;
            }
        }

        return sequences;
    }

    private List<TrainingSequence> FromProblems(ProblemSource source, Tokenizer tokenizer, int end)
    {
        var prompt = new PromptOptions { Template = config.Prompt.Template };
        var problems = ProblemSet.Load("train", source.Under(home), (ulong)config.Seed).Problems;
        return [.. problems.Select(problem => problem.Solution.Length > 0
            ? Sequence(tokenizer, prompt.Build(problem, forBase: false), problem.Solution, false, end)
            : throw new InvalidDataException($"problem '{problem.Id}' has no solution, expected one for every training problem."))];
    }

    private static TrainingSequence Sequence(Tokenizer tokenizer, string prompt, string completion, bool lossOnPrompt, int end)
    {
        int[] before = prompt.Length == 0 ? [] : tokenizer.Encode(prompt, addSpecialTokens: true);
        return new TrainingSequence
        {
            TokenIds = [.. before, .. tokenizer.Encode(completion, addSpecialTokens: false), end],
            PromptLength = lossOnPrompt ? 0 : before.Length,
        };
    }
}
