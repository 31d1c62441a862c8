namespace ReSTEM.Runs;

/// <summary>The forms in which problem files are published.</summary>
public enum ProblemFormat
{
    /// <summary>Told from the content.</summary>
    Auto,

    /// <summary>Our own JSONL: id, task, prompt or question, answer, choices, solution, metadata.</summary>
    Problems,

    /// <summary>JSONL of question and answer; the final answer follows <c>####</c> (Cobbe et al. 2021, arXiv:2110.14168).</summary>
    Gsm8k,

    /// <summary>JSONL of problem, solution, level and type; the final answer is the last box (Hendrycks et al. 2021, arXiv:2103.03874).</summary>
    Math,

    /// <summary>One JSON object with examples of input and target (BIG-Bench Hard: Suzgun et al. 2022, arXiv:2210.09261).</summary>
    Bbh,

    /// <summary>JSONL of text and labels: one, a distribution over them, or those of annotators; see docs/classification.md.</summary>
    Labels,

    /// <summary>
    /// JSONL of a code data set: HumanEval, MBPP, APPS, LeetCode, or contests with cases of input and output; told row by row.
    /// </summary>
    Code,
}
