"""Given to python3 -c. Fixes the address layout, then loads the modules that the host sends on standard input."""
import sys

if sys.path[:1] == [""]:
    del sys.path[0]  # the current folder; -P says so from Python 3.11 on

import ctypes
import os
import types

# Without this, hash(None) and the order of sets of objects differ from worker to worker. -1 (refused) counts as done.
personality = ctypes.CDLL(None).personality
if not personality(0xFFFFFFFF) & 0x0040000 and personality(0x0040000) >= 0:
    os.execv(sys.executable, sys.orig_argv)
os.environ.pop("LD_BIND_NOW", None)  # it has done its work


def read(size):
    data = b""
    while len(data) < size:
        piece = os.read(0, size - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data


def read_block():
    return read(int.from_bytes(read(4), "little"))


# The layers to put on as bits, when a child gets its own pages, then blocks: seccomp filter, names of packages; module count, then name and source of each module, the one with main() last.
layers = int.from_bytes(read(4), "little")
copying = int.from_bytes(read(4), "little")
seccomp = read_block()
packages = read_block().decode().split()
loaded = []
for _ in range(int.from_bytes(read(4), "little")):
    name = read_block().decode()
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(read_block(), "<" + name + ">", "exec", dont_inherit=True), module.__dict__)
    loaded.append(module)
for module in loaded:
    del sys.modules[module.__name__]
module.main(layers, seccomp, packages, copying)
