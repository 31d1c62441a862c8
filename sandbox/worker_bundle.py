"""Given to python3 -c. Fixes the address layout, then loads the modules that the host sends on standard input."""
import sys

if sys.path[:1] == [""]:
    del sys.path[0]  # the current folder; -P says so from Python 3.11 on

import ctypes
import os
import types

# Without this, hash(None) and the order of sets of objects differ from worker to worker. -1 (refused) counts as done.
libc = ctypes.CDLL(None)
if not libc.personality(0xFFFFFFFF) & 0x0040000 and libc.personality(0x0040000) >= 0:
    os.execv(sys.executable, sys.orig_argv)
os.environ.pop("LD_BIND_NOW", None)  # it has done its work


NOT_BUFFERED = 2
new_bytes = ctypes.pythonapi.PyBytes_FromStringAndSize
new_bytes.restype, new_bytes.argtypes = ctypes.py_object, (ctypes.c_char_p, ctypes.c_ssize_t)
libc.fdopen.restype = ctypes.c_void_p
libc.setvbuf.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)
libc.fread.restype, libc.fread.argtypes = ctypes.c_size_t, (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p)


def whole_reader(descriptor, status):
    """
    A function that reads so many bytes in one call of the C library, and ends the process with this status where there are fewer. In how
    many parts they come is a matter of time, and what was allocated for each part would decide the addresses of later objects.
    """
    stream = libc.fdopen(descriptor, b"r")
    libc.setvbuf(stream, None, NOT_BUFFERED, 0)  # nothing is read that was not asked for

    def read(size):
        data = new_bytes(None, size)  # not filled, and nobody else's until it is
        if size and libc.fread(id(data) + bytes.__basicsize__ - 1, 1, size, stream) < size:
            os._exit(status)
        return data

    return read


read = whole_reader(0, 0)


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
module.main(whole_reader, layers, seccomp, packages, copying)
