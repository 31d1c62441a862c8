using ReSTEM.Core;

namespace ReSTEM.IntegrationTests;

/// <summary>A problem of each form, with submissions whose verdicts are plain from reading them.</summary>
internal static class SmallProblems
{
    public static readonly Problem Function = Of(new CodeTests
    {
        Form = CodeTestForm.Calls,
        EntryPoint = "f",
        Cases = [new("[1]", ["2"]), new("[21]", ["42"]), new("[-7]", ["-14"])],
        Output = new OutputRule { TypesMatter = true },
    });

    public static readonly Problem Program = Of(new CodeTests
    {
        Form = CodeTestForm.StandardIo,
        Cases = [new("1\n", ["2\n"]), new("21\n", ["42\n"])],
    });

    public static readonly Problem Planned = Of(new CodeTests
    {
        Form = CodeTestForm.Asserts,
        EntryPoint = "f",
        Statements = ["assert f(1) == 2", "assert f(21) == 42", "assert not f(0)"],
    });

    public static readonly Problem Compared = Of(new CodeTests
    {
        Form = CodeTestForm.Asserts,
        EntryPoint = "f",
        Statements = ["assert f(1) == 2", "assert f(21) == 42"],
    });

    public static readonly Problem Talking = Of(new CodeTests
    {
        Form = CodeTestForm.Asserts,
        EntryPoint = "f",
        Statements = ["for x in range(3):\n    assert f(x) - 2 * x == 0"],
    });

    public static readonly Problem Near = Of(new CodeTests
    {
        Form = CodeTestForm.Asserts,
        EntryPoint = "f",
        Statements = ["for x in range(3):\n    assert abs(f(x) - x / 3) < 1e-6", "assert abs(1 - f(3)) <= 0"],
    });

    // An object that finds itself equal to everything, and is its own difference from everything.
    private const string EqualsAll = "class All:\n    def __eq__(self, other):\n        return True\n    __ne__ = lambda self, other: False\n    __sub__ = __rsub__ = __abs__ = lambda self, *other: self\n    __lt__ = __le__ = __bool__ = lambda self, *other: True\n\n\n";

    public static Problem Of(CodeTests tests) => new() { Id = "small", Task = TaskKind.Code, Prompt = "Double x.", Tests = tests };

    /// <summary>Problem, submission, verdict and reason.</summary>
    public static IReadOnlyList<(Problem Problem, string Code, Verdict Verdict, string Reason)> Cases { get; } =
    [
        (Function, "def f(x):\n    return 2 * x", Verdict.Correct, "all-tests-passed"),
        (Function, "class Solution:\n    def f(self, x):\n        return 2 * x", Verdict.Correct, "all-tests-passed"),
        (Function, "def f(x):\n    return 2.0 * x", Verdict.Incorrect, "wrong-output"),
        (Function, "def f(x):\n    return x + 1", Verdict.Incorrect, "wrong-output"),
        (Function, "def f(x):\n    return x[0]", Verdict.Incorrect, "exception"),
        (Function, "def g(x):\n    return 2 * x", Verdict.Incorrect, "missing-entry-point"),
        (Function, "def f(x)\n    return 2 * x", Verdict.Incorrect, "syntax-error"),
        (Function, "import socket\ndef f(x):\n    socket.socket()\n    return 2 * x", Verdict.Incorrect, "forbidden-call"),
        (Function, "import numpy_that_is_not_there\ndef f(x):\n    return 2 * x", Verdict.Unsupported, "missing-package"),
        (Function, "def f(x):\n    return 'x' * 2 * 10 ** 6", Verdict.LimitExceeded, "output-limit"),
        (Function, "def f(x):\n    return [0] * 10 ** 10", Verdict.LimitExceeded, "memory-limit"),
        (Function, "import os\ndef f(x):\n    os._exit(0)", Verdict.Incorrect, "early-exit"),
        (Function, "import ctypes\ndef f(x):\n    ctypes.string_at(0)", Verdict.Incorrect, "crash"),
        (Function, EqualsAll + "def f(x):\n    return All()", Verdict.Incorrect, "no-plain-value"),
        (Program, "print(2 * int(input()))", Verdict.Correct, "all-tests-passed"),
        (Program, "import sys\nfor line in sys.stdin.buffer: sys.stdout.write(str(2 * int(line)))", Verdict.Correct, "all-tests-passed"),
        (Program, "import threading\ndef main():\n    print(2 * int(open(0).read()))\nif __name__ == '__main__':\n    threading.Thread(target=main).start()", Verdict.Correct, "all-tests-passed"),
        (Program, "print(2)", Verdict.Incorrect, "wrong-output"),
        (Program, "print(2 * int(input()))\nraise SystemExit(3)", Verdict.Incorrect, "exit-status"),
        (Program, "print(2 * int(input()))\nprint(1 // 0)", Verdict.Incorrect, "exception"),
        (Program, "while True: print('x' * 1000)", Verdict.LimitExceeded, "output-limit"),
        (Planned, "def f(x):\n    return 2 * x", Verdict.Correct, "all-tests-passed"),
        (Planned, "def f(x):\n    return x + 1", Verdict.Incorrect, "wrong-output"),
        (Planned, "def f(x):\n    raise ValueError(x)", Verdict.Incorrect, "exception"),
        (Compared, "import os\ndef f(x):\n    os._exit(0)", Verdict.Incorrect, "early-exit"),
        (Talking, "import os\ndef f(x):\n    os._exit(0)", Verdict.Incorrect, "early-exit"),
        (Compared, EqualsAll + "def f(x):\n    return All()", Verdict.Incorrect, "no-plain-value"),
        (Planned, EqualsAll + "def f(x):\n    return All()", Verdict.Incorrect, "no-plain-value"),
        (Near, "def f(x):\n    return x / 3", Verdict.Correct, "all-tests-passed"),
        (Near, "def f(x):\n    return round(x / 3, 9)", Verdict.Correct, "all-tests-passed"),
        (Near, "def f(x):\n    return round(x / 3, 3)", Verdict.Incorrect, "wrong-output"),
        (Near, "def f(x):\n    return float('nan')", Verdict.Incorrect, "wrong-output"),
        (Near, "def f(x):\n    return str(x / 3)", Verdict.Incorrect, "wrong-output"),
        (Talking, "def f(x):\n    return 2 * x", Verdict.Correct, "all-tests-passed"),
        (Talking, "def f(x):\n    return 2 * x + (x == 2)", Verdict.Incorrect, "wrong-output"),
        (Talking, EqualsAll + "def f(x):\n    return All()", Verdict.Incorrect, "no-plain-value"),
        (Talking, "def f(x):\n    return object()", Verdict.Incorrect, "no-plain-value"),
    ];
}
