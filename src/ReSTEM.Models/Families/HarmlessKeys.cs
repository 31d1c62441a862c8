using System.Collections.Frozen;

namespace ReSTEM.Models;

/// <summary>
/// Keys of <c>config.json</c> that do not change what a decoder computes: how it was made, trained, saved or is served. Every
/// other key is honoured, or refused by name.
/// </summary>
internal static class HarmlessKeys
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        // what made the file
        "_name_or_path", "architectures", "transformers_version", "model_name", "auto_map", "unsloth_version", "unsloth_fixed",
        "is_llama_config", "model_type",
        // the type of the stored numbers is written beside them
        "torch_dtype", "dtype",
        // training only
        "attention_dropout", "attn_pdrop", "embd_pdrop", "resid_pdrop", "resid_dropout", "embd_dropout", "hidden_dropout",
        "initializer_range", "gradient_checkpointing", "max_sequence_length", "n_ctx",
        // text, not computation
        "pad_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "mask_token_id", "image_token_id", "tokenizer_class", "prefix",
        // how samples are drawn by default
        "max_length", "min_length", "do_sample", "num_beams", "num_beam_groups", "temperature", "top_k", "top_p", "typical_p",
        "repetition_penalty", "length_penalty", "diversity_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size",
        "num_return_sequences", "early_stopping", "task_specific_params",
        // other heads than the language model's
        "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj",
        "num_labels", "id2label", "label2id", "classifier_dropout", "problem_type", "finetuning_task",
        // how a library runs it
        "use_cache", "_attn_implementation", "_attn_implementation_autoset", "attn_implementation", "cache_implementation",
        "return_dict", "is_decoder", "chunk_size_feed_forward", "pruned_heads", "transformers.js_config", "sliding_window_size",
        // arithmetic of lower precision, which is not used here
        "reorder_and_upcast_attn", "upcast_attn",
        // in published files of Phi-3 and 4, and read by no implementation
        "full_attn_mod", "interpolate_factor");

    internal static bool Contains(string key) => Names.Contains(key);
}
