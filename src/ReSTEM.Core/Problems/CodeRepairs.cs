namespace ReSTEM.Core;

/// <summary>Small mends that make a program of a completion that is none as it stands. Each that was needed is named in the evidence.</summary>
[Flags]
public enum CodeRepairs
{
    /// <summary>As published judges do: the prompt and the completion as they are, or a whole fenced block.</summary>
    None = 0,

    /// <summary><c>end-mark</c>: the text ends at a mark such as <c>[DONE]</c> or <c>&lt;|im_end|&gt;</c>.</summary>
    EndMark = 1,

    /// <summary><c>fence</c>: a fence that the prompt opened or that is never closed, or one around a function's body alone.</summary>
    Fence = 2,

    /// <summary><c>first-line</c>: the first line alone lost its indentation, or has some.</summary>
    FirstLine = 4,

    /// <summary><c>indentation</c>: all lines are indented by too much or too little.</summary>
    Indentation = 8,

    /// <summary><c>prose</c>: words before, between and after unfenced code are cut.</summary>
    Prose = 16,

    /// <summary><c>spaces</c>: a byte order mark, blanks that do not break and blanks without width.</summary>
    Spaces = 32,

    /// <summary>All of them: what a run and a chat reply are judged with.</summary>
    All = EndMark | Fence | FirstLine | Indentation | Prose | Spaces,
}
