"""The self-test: tries each wall from where a submission stands. Findings: (what, layer as in sandbox_layers.py, holds, detail)."""
import ctypes
import mmap
import os
import socket
import sys
import threading

NAMESPACES, SECCOMP, LIMITS = 1, 2, 4


def probe():
    """All findings, in order."""
    libc = ctypes.CDLL(None, use_errno=True)
    caps = (ctypes.c_uint32 * 6)()
    libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), caps)
    capget_refused = ctypes.get_errno() == 1
    findings = [
        refused("no new processes", SECCOMP, new_process),
        refused("no programs", SECCOMP, new_program),
        refused("no network", SECCOMP, lambda: socket.socket(socket.AF_INET)),
        refused("no signals", SECCOMP, lambda: os.kill(1, 0)),
        answer("no mounts", SECCOMP, libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == -1, ctypes.get_errno()),
        answer("no namespaces", SECCOMP, libc.unshare(0x10000000) == -1, ctypes.get_errno()),
        answer("no reading of other memory", SECCOMP, libc.process_vm_readv(os.getpid(), None, 0, None, 0, 0) == -1, ctypes.get_errno()),
        ("no capabilities", NAMESPACES, capget_refused or not any(caps), "system call refused" if capget_refused else str(list(caps))),
        ("a process namespace of its own", NAMESPACES, os.getpid() == 1, "process id %d" % os.getpid()),
        absent("nothing of the host's files", "/etc/passwd", "/root", "/home", "/proc/1", "/sys/kernel", "/usr/bin/env", "/run"),
        refused("libraries are read-only", NAMESPACES, lambda: open("/usr/lib/probe", "w")),
        refused("the root is read-only", NAMESPACES, lambda: open("/probe", "w")),
        ("an empty scratch directory", NAMESPACES, os.listdir("/tmp") == [], str(os.listdir("/tmp"))),
        ("an empty environment", NAMESPACES, set(os.environ) <= {"PYTHONHASHSEED", "OPENBLAS_NUM_THREADS", "PWD", "LC_CTYPE"}, " ".join(os.environ)),
        ("a fixed hash seed", NAMESPACES, not sys.flags.hash_randomization, "hash('restem') is %d" % hash("restem")),
        refused("memory is limited", LIMITS, lambda: mmap.mmap(-1, 1 << 33)),
        refused("open files are limited", LIMITS, open_files),
        refused("files are limited", LIMITS, lambda: write_file(64 << 20)),
        refused("threads are limited", LIMITS, start_threads),
    ]
    write_file(1000)
    return findings


def refused(name, layer, attempt):
    try:
        attempt()
    except (OSError, MemoryError, RuntimeError) as error:
        return (name, layer, True, type(error).__name__ + ": " + str(error))
    return (name, layer, False, "it was possible")


def answer(name, layer, holds, errno):
    return (name, layer, holds, os.strerror(errno) if holds else "it was possible")


def absent(name, *paths):
    found = [path for path in paths if os.path.exists(path)]
    return (name, NAMESPACES, not found, "found " + " ".join(found) if found else "none of " + " ".join(paths))


def write_file(size):
    with open("/tmp/probe", "wb") as file:
        file.truncate(size)
        file.write(b"x")


def new_process():
    if os.fork() == 0:
        os._exit(0)


def new_program():
    try:
        child = os.fork()
    except OSError:
        child = 0  # then this process itself may be replaced, if that is possible at all
    if child == 0:
        os.execv("/usr/bin/python3", ["python3", "-c", "pass"])


def open_files():
    copies = []
    try:
        while len(copies) < 100:
            copies.append(os.dup(0))
    finally:
        for copy in copies:
            os.close(copy)


def start_threads():
    stop = threading.Event()
    threads = []
    try:
        for _ in range(200):
            thread = threading.Thread(target=stop.wait, daemon=True)
            thread.start()
            threads.append(thread)
    finally:
        stop.set()
        for thread in threads:
            thread.join()  # their stacks may have taken all memory that there is
