using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A key that is not known is answered with the one that was meant, also when it was named as another program does.</summary>
public sealed class UnknownKeyTests : IDisposable
{
    private const string Smallest = "name: a\nbase: b\nproblems: {train: {files: [x.jsonl]}}\n";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("lr: 1e-4", "unknown key 'lr'; it is 'm_step.optimizer.learning_rate' here.")]
    [InlineData("learning_rate: 1e-4", "unknown key 'learning_rate'; 'learning_rate' stands at 'm_step.optimizer.learning_rate'.")]
    [InlineData("m_step: {learning_rate: 1e-4}", "unknown key 'm_step.learning_rate'; 'learning_rate' stands at 'm_step.optimizer.learning_rate'.")]
    [InlineData("batch_size: 8", "it is 'm_step.optimizer.batch_sequences' here.")]
    [InlineData("per_device_train_batch_size: 8", "it is 'm_step.optimizer.batch_sequences' here.")]
    [InlineData("m_step: {optimizer: {warmup_ratio: 0.1}}", "unknown key 'm_step.optimizer.warmup_ratio'; it is 'm_step.optimizer.warm_up_ratio' here.")]
    [InlineData("gradient_accumulation_steps: 4", "it is 'm_step.optimizer.batch_sequences' here (the whole batch;")]
    [InlineData("num_train_epochs: 2", "it is 'm_step.epochs' here.")]
    [InlineData("max_new_tokens: 99", "it is 'e_step.sampling.max_tokens' or 'validation.sampling.max_tokens' or 'evaluations.NAME.measure.sampling.max_tokens' here.")]
    [InlineData("n: 8", "it is 'e_step.samples' here.")]
    [InlineData("e_step: {sampling: {samples: 4}}", "'samples' stands at")]
    [InlineData("rollout: {n: 8, temperature: 1.0}", "unknown key 'rollout'; of what stands in it, 'n': it is 'e_step.samples' here; 'temperature': 'temperature' stands at")]
    [InlineData("actor_rollout_ref: {actor: {optim: {lr: 1e-6}}, rollout: {n: 5}}", "'lr': it is 'm_step.optimizer.learning_rate' here; 'n': it is 'e_step.samples' here.")]
    [InlineData("kl_coef: 0.1", "unknown key 'kl_coef'; it has no counterpart: there is no KL term")]
    [InlineData("--lr: 1", "it is 'm_step.optimizer.learning_rate' here.")]
    [InlineData("val_split: 0.1", "it is 'problems.validation.share' here.")]
    [InlineData("prompt_key: q", "it is 'problems.train.fields.prompt'")]
    [InlineData("sead: 1", "unknown key 'sead'; did you mean 'seed'?")]
    public void Names_of_other_programs_and_places_are_recognised(string line, string expected) =>
        Assert.Contains(expected, Issue<RunConfig>(Smallest + line), StringComparison.Ordinal);

    [Fact]
    public void In_a_training_configuration_the_keys_are_its_own() => Assert.Contains(
        "unknown key 'lr'; it is 'stages.N.optimizer.learning_rate' here.",
        Issue<TrainConfig>("name: a\nbase: b\nlr: 1\nstages: [{corpus: {name: a, tokens: 5}}]\n"), StringComparison.Ordinal);

    [Fact]
    public void An_override_is_answered_where_it_stands()
    {
        var fault = Assert.Throws<ConfigException>(() => Read<RunConfig>(Smallest, "lr=1e-4"));
        Assert.Equal("--set lr=1e-4: unknown key 'lr'; it is 'm_step.optimizer.learning_rate' here.", Assert.Single(fault.Issues).ToString());
    }

    /// <summary>A name that leads nowhere would be a table that nobody noticed going out of date.</summary>
    [Fact]
    public void Every_name_in_the_table_leads_to_a_key_or_says_why_there_is_none()
    {
        string[] paths = [.. KeyTree.Of(typeof(RunConfig)).Concat(KeyTree.Of(typeof(TrainConfig))).Select(place => place.Path)];
        foreach (string name in ForeignNames.All)
        {
            var (ends, _) = ForeignNames.Of(name);
            Assert.True(ForeignNames.WhyAbsent(name) is not null || ends.Any(end => paths.Any(path => path == end || path.EndsWith("." + end, StringComparison.Ordinal))), name);
        }
    }

    [Fact]
    public void A_configuration_of_the_other_verb_is_told_as_that()
    {
        Assert.Contains("is one of restem train; start it with restem train", Issue<RunConfig>("name: a\nbase: b\nstages: []\n"), StringComparison.Ordinal);
        Assert.Contains("is one of restem run", Issue<TrainConfig>(Smallest), StringComparison.Ordinal);
    }

    private string Issue<T>(string text)
        where T : class => Assert.Single(Assert.Throws<ConfigException>(() => Read<T>(text)).Issues).Message;

    private T Read<T>(string text, params string[] overrides)
        where T : class
    {
        string path = _scratch.File("c.yaml");
        File.WriteAllText(path, text);
        return ConfigFile.Read<T>(path, overrides, (_, _) => { });
    }
}
