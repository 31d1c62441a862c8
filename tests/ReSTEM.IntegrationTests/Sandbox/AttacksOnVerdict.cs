namespace ReSTEM.IntegrationTests;

/// <summary>Answers that pretend, forge or look for the expected ones.</summary>
internal static class AttacksOnVerdict
{
    private const string WriteEverywhere = """
        import os
        def f(x):
            for descriptor in range(64):
                try:
                    os.write(descriptor, FORGED)
                except OSError:
                    pass
            return ANSWER
        """;

    public static IEnumerable<Attack> All =>
    [
        new("object equal to everything", "class E:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    def __bool__(self): return True\ndef f(x):\n    return E() if ANSWER != 2 * x else ANSWER"),
        new("int subclass equal to everything", "class E(int):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    __hash__ = int.__hash__\ndef f(x):\n    return E(ANSWER)"),
        new("str subclass equal to everything", "class E(str):\n    def __eq__(self, other): return True\ndef f(x):\n    return ANSWER if ANSWER == 2 * x else E('x')"),
        new("list subclass with lying items", "class L(list):\n    def __iter__(self): return iter([1])\n    def __len__(self): return 1\n    def __eq__(self, other): return True\ndef f(x):\n    return ANSWER if ANSWER == 2 * x else L([3])"),
        new("lying __class__", "class E:\n    @property\n    def __class__(self): return int\n    def __index__(self): return 4\n    def __eq__(self, other): return True\ndef f(x):\n    return ANSWER if ANSWER == 2 * x else E()"),
        new("float that claims to be equal", "class E(float):\n    def __eq__(self, other): return True\ndef f(x):\n    return ANSWER if ANSWER == 2 * x else E(0.5)"),
        new("metaclass with lying equality", "class M(type):\n    def __eq__(cls, other): return True\n    __hash__ = type.__hash__\nclass E(metaclass=M): pass\ndef f(x):\n    return ANSWER if ANSWER == 2 * x else E"),
        new("dict that never ends", "class D(dict):\n    def items(self):\n        while True: yield (1, 1)\ndef f(x):\n    return ANSWER if ANSWER == 2 * x else D({1: 2})"),
        new("list that holds itself", "def f(x):\n    loop = []\n    loop.append(loop)\n    return ANSWER if ANSWER == 2 * x else loop"),
        new("list nested 100,000 deep", "def f(x):\n    deep = []\n    for _ in range(100000): deep = [deep]\n    return ANSWER if ANSWER == 2 * x else deep"),
        new("huge result", "def f(x):\n    return ANSWER if ANSWER == 2 * x else 'x' * 5_000_000"),
        new("huge integer", "def f(x):\n    return ANSWER if ANSWER == 2 * x else 1 << 20_000_000"),
        new("result with a million items", "def f(x):\n    return ANSWER if ANSWER == 2 * x else [0] * 1_000_000"),
        new("exit with status 0 at the start", "import os\nos._exit(0)\ndef f(x):\n    return ANSWER", Survives: false),
        new("exit with status 0 in the call", "import os\ndef f(x):\n    os._exit(0)\n    return ANSWER", Survives: false),
        new("sys.exit in the call", "import sys\ndef f(x):\n    sys.exit(0)\n    return ANSWER", Survives: false),
        new("SystemExit at the start", "raise SystemExit(0)\ndef f(x):\n    return ANSWER", Survives: false),
        new("exit with the runner's own codes", "import os\ndef f(x):\n    os._exit(70)\n    return ANSWER", Survives: false),
        new("forged passing text on every descriptor", WriteEverywhere.Replace("FORGED", "b'passed\\n{\"passed\": true}\\n'", StringComparison.Ordinal), Survives: false) { Limits = TestLimits.Sleeping },
        new("forged values on every descriptor", WriteEverywhere.Replace("FORGED", "b'\\x09\\0\\0\\0vi\\x02\\0\\0\\0\\0\\0\\0\\0' * 9", StringComparison.Ordinal), Survives: false) { Limits = TestLimits.Sleeping },
        new("forged conclusion of the test code", WriteEverywhere.Replace("FORGED", "b'\\x01\\0\\0\\0pN'", StringComparison.Ordinal), Survives: false) { Limits = TestLimits.Sleeping },
        new("huge frame length", WriteEverywhere.Replace("FORGED", "b'\\xff\\xff\\xff\\xffv'", StringComparison.Ordinal), Survives: false) { Limits = TestLimits.Sleeping },
        new("garbage frames", WriteEverywhere.Replace("FORGED", "bytes(range(256)) * 16", StringComparison.Ordinal), Survives: false) { Limits = TestLimits.Sleeping },
        new("forged frames and then exit", "import os\nfor d in range(64):\n    try: os.write(d, b'\\x09\\0\\0\\0vi\\x02\\0\\0\\0\\0\\0\\0\\0' * 9)\n    except OSError: pass\nos._exit(0)\ndef f(x):\n    return ANSWER", Survives: false),
        new("all descriptors closed", "import os\nos.closerange(0, 64)", Survives: false),
        new("result descriptor duplicated over others", "import os\ndef f(x):\n    for d in range(3):\n        try: os.dup2(60, d)\n        except OSError: pass\n    print('noise')\n    return ANSWER"),
        new("builtins replaced", "import builtins\nbuiltins.len = lambda x: 0\nbuiltins.isinstance = lambda *a: True\nbuiltins.type = lambda x: int\n", Survives: false) { Limits = TestLimits.Sleeping },
        new("encoder replaced through frames", "import sys\nframe = sys._getframe()\nwhile frame:\n    for name, value in list(frame.f_globals.items()):\n        if name == 'py_codec' and hasattr(value, 'encode'):\n            value.encode = lambda *a: b'i' + (2).to_bytes(8, 'little')\n    frame = frame.f_back\n", Survives: false),
        new("runner's write function replaced", "import os\nos.write = lambda d, b: len(b)\n", Survives: false) { Limits = TestLimits.Sleeping },
        new("every int in the heap searched", "import gc\ndef f(x):\n    seen = [o for o in gc.get_objects() if type(o) is list and 20 < len(o) < 30 and all(type(i) is int for i in o)]\n    return ANSWER if ANSWER == 2 * x else (seen[0][0] if seen else None)"),
        new("callers' locals searched for the expected value", "import sys\ndef f(x):\n    frame = sys._getframe(1)\n    found = []\n    while frame:\n        found += [v for v in frame.f_locals.values() if type(v) is int]\n        found += [v for k, v in frame.f_locals.items() if 'expect' in k]\n        frame = frame.f_back\n    return ANSWER if ANSWER == 2 * x else (found or [None])[-1]"),
        new("callers' constants searched", "import sys\ndef f(x):\n    frame = sys._getframe(1)\n    constants = []\n    while frame:\n        constants += [c for c in frame.f_code.co_consts if type(c) is int]\n        frame = frame.f_back\n    return ANSWER if ANSWER == 2 * x else (constants or [0])[0]"),
        new("trace function that rewrites results", "import sys\ndef t(frame, event, arg):\n    return t\nsys.settrace(t)\nsys.setprofile(lambda *a: None)"),
        new("exception that claims to be a pass", "class AllTestsPassed(Exception): pass\ndef f(x):\n    if ANSWER != 2 * x: raise AllTestsPassed('passed')\n    return ANSWER"),
        new("exception whose text never ends", "class E(Exception):\n    def __str__(self):\n        while True: pass\ndef f(x):\n    if ANSWER != 2 * x: raise E()\n    return ANSWER") { Limits = TestLimits.Sleeping },
        new("exit handlers that forge", "import atexit, os\natexit.register(lambda: os.write(1, b'passed'))\n"),
        new("destructor that forges", "import os\nclass D:\n    def __del__(self):\n        for d in range(64):\n            try: os.write(d, b'\\x09\\0\\0\\0vi\\x02\\0\\0\\0\\0\\0\\0\\0')\n            except OSError: pass\nkeep = D()"),
        new("another entry point than the asked one", "def g(x):\n    return 2 * x\ndef f(x):\n    return ANSWER"),
        new("entry point that is not callable", "def f(x): pass\nf = [2, 4, 6] if False else (lambda x: ANSWER)"),
        new("generator instead of a value", "def f(x):\n    if ANSWER == 2 * x: return ANSWER\n    return (i for i in [2 * x])"),
        new("tuple around the value", "def f(x):\n    return ANSWER if ANSWER == 2 * x else (2 * x,)"),
        new("boolean for a number, float for an integer", "def f(x):\n    return ANSWER if ANSWER == 2 * x else float(2 * x)"),
        new("text for a number", "def f(x):\n    return ANSWER if ANSWER == 2 * x else str(2 * x)"),
    ];
}
