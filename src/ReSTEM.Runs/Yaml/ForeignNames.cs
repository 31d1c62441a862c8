using System.Collections.Frozen;

namespace ReSTEM.Runs;

/// <summary>What other programs for training and sampling call the settings of this one: TRL, verl, transformers, vLLM, PEFT.</summary>
internal static class ForeignNames
{
    /// <summary>Names elsewhere, and the end of the path of our key, or several; a remark after a bar.</summary>
    private static readonly (string Names, string Ours)[] Table =
    [
        ("lr actor_lr peak_lr max_lr base_lr", "optimizer.learning_rate"),
        ("warmup_ratio warmup_proportion lr_warmup_ratio lr_warmup_steps_ratio warmup_fraction", "optimizer.warm_up_ratio"),
        ("warmup_steps num_warmup_steps lr_warmup_steps warmup", "optimizer.warm_up_steps"),
        ("lr_scheduler_type lr_scheduler scheduler scheduler_type warmup_style lr_decay_style", "optimizer.schedule"),
        ("min_lr_ratio min_lr_rate min_lr final_lr_ratio", "optimizer.final_share|a share of the peak"),
        ("adam_beta1", "optimizer.beta1"),
        ("adam_beta2", "optimizer.beta2"),
        ("betas adam_betas", "optimizer.beta1 optimizer.beta2"),
        ("adam_epsilon adam_eps eps", "optimizer.epsilon"),
        ("wd adam_weight_decay", "optimizer.weight_decay"),
        ("max_grad_norm grad_clip clip_grad grad_norm gradient_clip_val grad_clip_norm", "optimizer.clip_norm"),
        ("batch_size train_batch_size per_device_train_batch_size per_gpu_train_batch_size global_batch_size mini_batch_size ppo_mini_batch_size",
            "optimizer.batch_sequences"),
        ("micro_batch_size per_device_micro_batch_size ppo_micro_batch_size ppo_micro_batch_size_per_gpu micro_batch_size_per_gpu ppo_max_token_len_per_gpu",
            "optimizer.micro_batch_tokens|counted in tokens"),
        ("gradient_accumulation_steps gradient_accumulation grad_accum accumulate_grad_batches",
            "optimizer.batch_sequences|the whole batch; more than micro_batch_tokens is accumulated without being asked"),
        ("gradient_checkpointing enable_gradient_checkpointing activation_checkpointing", "optimizer.recompute_activations"),
        ("num_train_epochs num_epochs total_epochs max_epochs ppo_epochs", "epochs"),
        ("max_steps total_training_steps num_training_steps", "epochs|passes over the data instead of steps"),
        ("early_stopping_patience early_stopping", "m_step.patience"),
        ("n num_generations num_samples num_return_sequences n_samples num_samples_per_prompt n_samples_per_prompt rollouts_per_prompt rollout_n best_of",
            "e_step.samples"),
        ("num_iterations n_iterations num_rounds rounds num_outer_iterations total_iterations", "iterations"),
        ("temp", "sampling.temperature"),
        ("do_sample", "sampling.temperature|0 is greedy"),
        ("max_new_tokens max_completion_length max_response_length response_length max_gen_toks max_length max_gen_len max_generated_tokens", "sampling.max_tokens"),
        ("max_prompt_length", "problems.on_long_prompt|a prompt is never cut"),
        ("truncation filter_overlong_prompts overlong_prompts", "problems.on_long_prompt"),
        ("stop_sequences stop_strings stop_words until eos", "sampling.stop"),
        ("model_name_or_path model_path base_model model_name model_id pretrained pretrained_model_name_or_path init_model checkpoint", "base"),
        ("teacher teacher_model teacher_model_name_or_path", "e_step.policy"),
        ("train_file train_files train_data train_dataset dataset dataset_name dataset_path data_path data_files train_path", "problems.train.files problems.files"),
        ("val_file val_files val_data validation_file validation_files eval_file eval_files eval_dataset dev_file", "problems.validation.files"),
        ("test_file test_files test_data test_dataset", "evaluations.NAME.problems.files"),
        ("val_ratio val_split val_size val_fraction validation_split validation_ratio validation_split_percentage test_size dev_ratio", "problems.validation.share"),
        ("max_train_samples train_max_samples", "problems.train.limit problems.limit"),
        ("max_val_samples max_eval_samples val_max_samples", "problems.validation.limit evaluations.NAME.problems.limit"),
        ("prompt_key prompt_column prompt_field question_key question_column input_key input_column", "problems.train.fields.prompt problems.fields.prompt"),
        ("answer_key answer_column answer_field label_key label_column ground_truth_key", "problems.train.fields.answer problems.fields.answer"),
        ("solution_key solution_column response_key response_column completion_key", "problems.train.fields.solution problems.fields.solution"),
        ("system_prompt system_message", "prompt.system"),
        ("prompt_template input_template", "prompt.template"),
        ("apply_chat_template use_chat_template", "prompt.format|chat"),
        ("num_fewshot num_few_shot n_shot n_shots fewshot shots", "prompt.few_shot_count prompt.few_shot"),
        ("lora_r lora_rank r", "m_step.adapter.rank"),
        ("lora_alpha", "m_step.adapter.alpha"),
        ("lora_target_modules modules", "m_step.adapter.target_modules"),
        ("use_peft use_lora peft lora peft_config lora_config", "m_step.adapter"),
        ("random_seed data_seed rng_seed manual_seed", "seed"),
        ("output_dir output_path experiment_name exp_name run_name project_name save_dir", "name|the run folder is runs/NAME"),
        ("num_threads n_threads num_workers num_proc cpus", "engine.threads"),
        ("engine_name backend rollout_backend inference_backend llm_engine generation_backend", "engine.name"),
        ("train_backend training_backend trainer_backend", "engine.train"),
        ("device_map cuda_device gpu gpu_id device_id accelerator", "engine.device|cuda:0"),
        ("torch_dtype precision mixed_precision half model_dtype", "engine.dtype"),
        ("bf16", "engine.dtype|bfloat16"),
        ("fp16", "engine.dtype|float16, which ONNX Runtime samples in"),
        ("quantization load_in_8bit", "engine.dtype|int8, which managed and ONNX Runtime sample in"),
        ("load_in_4bit", "engine.dtype|int4, which ONNX Runtime samples in"),
        ("max_num_seqs max_batch_size gen_batch_size generation_batch_size", "engine.slots"),
        ("hidden_size n_embd d_model hidden_dim", "model.model_dim"),
        ("num_hidden_layers n_layer num_layers n_layers", "model.layers"),
        ("num_attention_heads n_head n_heads num_heads", "model.heads"),
        ("num_key_value_heads n_kv_heads", "model.kv_heads"),
        ("intermediate_size ffn_dim d_ff", "model.feed_forward_dim"),
        ("max_position_embeddings block_size context_size max_seq_len max_seq_length", "model.context_length"),
        ("vocab_size", "tokenizer.vocabulary_size"),
        ("timeout time_limit sandbox_timeout cpu_limit", "verifier.sandbox.cpu_seconds"),
        ("memory_limit memory_limit_mb max_memory", "verifier.sandbox.memory_mib"),
        ("reward_fn reward_func reward_funcs reward_function reward_model reward custom_reward_function",
            "problems.train.task|the reward is whether the problem's answer or tests are met"),
    ];

    private static readonly FrozenDictionary<string, string> ByName = Table
        .SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, row.Ours)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What has no counterpart here, and why.</summary>
    private static readonly FrozenDictionary<string, string> Absent = new (string Names, string Why)[]
    {
        ("kl_coef use_kl_loss kl_loss_coef kl_ctrl kl_penalty init_kl_coef", "there is no KL term: each M-step begins at the base model"),
        ("clip_ratio cliprange epsilon_high adv_estimator gamma lam vf_coef critic advantage", "there is no policy gradient: the M-step is maximum likelihood on what was correct"),
        ("tf32", "products of float32 are those of float32; engine.dtype bfloat16 is what is fast on cards"),
        ("deepspeed fsdp tensor_parallel_size tensor_model_parallel_size n_gpus_per_node nnodes num_processes", "the engine is one process on one device; engine.device names it"),
        ("gpu_memory_utilization", "slots are chosen to fit the memory that is free; engine.slots bounds them"),
        ("save_steps save_total_limit save_strategy save_freq resume_from_checkpoint load_best_model_at_end",
            "every step is committed, the same command resumes, and the best epoch is kept"),
        ("logging_steps report_to logger logging_dir wandb", "every step is in the run's ledger and its report"),
        ("eval_steps eval_strategy evaluation_strategy test_freq", "what is measured stands under evaluations, and when in measure.at"),
    }.SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, row.Why))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Ends of the paths of our keys for a name, and a remark; no ends where the name is not known.</summary>
    internal static (IReadOnlyList<string> Ends, string Remark) Of(string name)
    {
        if (!ByName.TryGetValue(Plain(name), out string? ours))
        {
            return ([], "");
        }

        string[] parts = ours.Split('|');
        return (parts[0].Split(' '), parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>Why a name of another program has no counterpart; null where that is not known.</summary>
    internal static string? WhyAbsent(string name) => Absent.GetValueOrDefault(Plain(name));

    /// <summary>Every name that is known, for tests.</summary>
    internal static IEnumerable<string> All => ByName.Keys.Concat(Absent.Keys);

    private static string Plain(string name) => name.TrimStart('-').Replace('-', '_').ToLowerInvariant();
}
