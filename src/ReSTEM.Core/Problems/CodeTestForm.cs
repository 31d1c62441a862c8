namespace ReSTEM.Core;

/// <summary>How a code problem's tests talk to the submission.</summary>
public enum CodeTestForm
{
    /// <summary>A whole program per case: standard input in, standard output out (APPS, CodeContests, Codeforces).</summary>
    StandardIo,

    /// <summary>A function called with the arguments of each case (APPS with <c>fn_name</c>, generated functions).</summary>
    Calls,

    /// <summary>Python test code with assert statements over the submission's names (HumanEval, MBPP, LeetCode).</summary>
    Asserts,

    /// <summary>
    /// A function called with the arguments of each case, whose results are compared with those of a reference solution (HumanEval+,
    /// MBPP+); then <see cref="CodeTests.Statements"/>, if there are any.
    /// </summary>
    Reference,
}
