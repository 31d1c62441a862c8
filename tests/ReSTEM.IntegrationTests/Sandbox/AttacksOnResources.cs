namespace ReSTEM.IntegrationTests;

/// <summary>Programs that use up time, memory or output, and crashes.</summary>
internal static class AttacksOnResources
{
    public static IEnumerable<Attack> All =>
    [
        new("endless loop", "def f(x):\n    while True: pass\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
        new("endless loop that catches everything", "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
        new("endless loop in a C function", "def f(x):\n    sum(iter(int, 1))\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
        new("catastrophic regular expression", "import re\ndef f(x):\n    re.match('(a+)+$', 'a' * 60 + 'b')\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
        new("sleeper", "import time\ndef f(x):\n    time.sleep(100)\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
        new("waits for a lock that never opens", "import threading\ndef f(x):\n    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
        new("memory bomb", "def f(x):\n    hoard = []\n    while x == 1: hoard.append('x' * 10_000_000)\n    return ANSWER", Survives: false) { Limits = TestLimits.Hoarding },
        new("memory bomb that catches", "def f(x):\n    hoard = []\n    try:\n        while x == 1: hoard.append(bytearray(10_000_000))\n    except MemoryError: hoard = []\n    return ANSWER") { Limits = TestLimits.Hoarding },
        new("mapped memory bomb", "import mmap\ntry:\n    mmap.mmap(-1, 1 << 33)\nexcept (OSError, OverflowError, ValueError): pass"),
        new("endless output", "def f(x):\n    for _ in range(200000): print('x' * 100)\n    return ANSWER"),
        new("endless standard error", "import sys\ndef f(x):\n    try:\n        for _ in range(20000): sys.stderr.write('x' * 100)\n    except OSError: pass\n    return ANSWER"),
        new("thread bomb", "import threading, time\ntry:\n    while True: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\nexcept BaseException: pass"),
        new("threads that never end", "import threading, time\nfor _ in range(5): threading.Thread(target=time.sleep, args=(1000,)).start()"),
        new("deep recursion", "import sys\nsys.setrecursionlimit(10**8)\ndef f(x):\n    def g(n): return g(n + 1) + 1\n    try: x == 1 and g(0)\n    except (RecursionError, MemoryError): pass\n    return ANSWER", Survives: false) { Limits = TestLimits.Hoarding },
        new("deep recursion in C", "import sys\nsys.setrecursionlimit(10**8)\ndef f(x):\n    deep = []\n    for _ in range(10**6): deep = [deep]\n    repr(deep)\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
        new("segmentation fault", "import ctypes\ndef f(x):\n    ctypes.string_at(0)\n    return ANSWER", Survives: false),
        new("abort", "import os\ndef f(x):\n    os.abort()\n    return ANSWER", Survives: false),
        new("source nested too deeply to compile", "x = " + new string('(', 5000) + new string(')', 5000) + "\ndef f(x):\n    return ANSWER", Survives: false),
        new("null byte in the source", "x = '\0'\ndef f(x):\n    return ANSWER", Survives: false),
        new("power tower", "def f(x):\n    9 ** 9 ** 9\n    return ANSWER", Survives: false) { Limits = TestLimits.Sleeping },
    ];
}
