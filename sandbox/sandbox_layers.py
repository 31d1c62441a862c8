"""The layers that a child puts on itself before it runs anything. There is no way back from any of them."""
import ctypes
import os
import time

import sandbox_limits

NAMESPACES, SECCOMP, LIMITS = 1, 2, 4

_libc = ctypes.CDLL(None, use_errno=True)
_direct = ctypes.PyDLL(None)  # what every run calls: without giving up the interpreter's lock, and without the copy of errno
_capset = _direct.capset
_prctl = _direct.prctl
_unshare = _direct.unshare
_setns = _direct.setns
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_PR_GET_DUMPABLE = 3
_CLONE_NEWPID = 0x20000000
_MNT_DETACH = 2
_MS_NOSUID_NODEV = 6
_CLOCK_REALTIME_COARSE = 5
_TMP = b"/tmp"


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


_capset_header = (ctypes.c_uint32 * 2)(0x20080522, 0)
_capset_nothing = (ctypes.c_uint32 * 6)()
_capset.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
_prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong)
_header = ctypes.addressof(_capset_header)
_nothing = ctypes.addressof(_capset_nothing)
_layers = 0
_filter = None
_filter_bytes = None
_filter_address = 0
_own_pid_namespace = -1
_tmp_state = None
_processes = -1
_tmp_size = 16 << 20


def _must(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), what + " failed: " + os.strerror(ctypes.get_errno()))


def prepare(layers, seccomp):
    """Once per worker: what every child inherits."""
    global _layers, _filter, _filter_bytes, _filter_address, _own_pid_namespace
    _layers = layers
    _filter_bytes = ctypes.create_string_buffer(seccomp, len(seccomp))
    _filter = _Filter(len(seccomp) // 8, ctypes.addressof(_filter_bytes))
    _filter_address = ctypes.addressof(_filter)
    _own_pid_namespace = os.pidfd_open(os.getpid())
    sandbox_limits.limit_worker()
    _must(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE)")
    _must(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)")
    _watch_processes()
    if layers & NAMESPACES:
        _fresh_tmp()
    else:
        os.chdir("/")


def _watch_processes():
    """Opens a view of the processes that no path leads to. Where a container forbids it, waiting is not told from sleeping."""
    global _processes
    if os.path.exists("/proc/1"):
        _processes = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        if _layers & NAMESPACES:
            _must(_libc.umount2(b"/proc", _MNT_DETACH), "umount2(/proc)")


def active_seconds(pid):
    """How long the child's busiest thread has run or waited for a processor to run on; 0 where that cannot be known."""
    if _processes < 0:
        return 0.0
    busiest = 0
    try:
        threads = os.open("%d/task" % pid, os.O_RDONLY | os.O_DIRECTORY, dir_fd=_processes)
    except OSError:
        return 0.0
    try:
        for thread in os.listdir(threads):
            busiest = max(busiest, _ran_or_waited(thread + "/schedstat", threads))
    finally:
        os.close(threads)
    return busiest / 1e9


def page_faults(pid):
    """Pages that the child has touched for the first time; 0 where that cannot be known."""
    try:
        file = os.open("%d/stat" % pid, os.O_RDONLY, dir_fd=_processes)
    except OSError:
        return 0
    try:
        return int(os.read(file, 1000).rpartition(b")")[2].split()[7])
    except (OSError, ValueError, IndexError):
        return 0
    finally:
        os.close(file)


def _ran_or_waited(path, folder):
    try:
        file = os.open(path, os.O_RDONLY, dir_fd=folder)
    except OSError:
        return 0
    try:
        ran, waited, _ = os.read(file, 100).split()
    except (OSError, ValueError):
        return 0
    finally:
        os.close(file)
    return int(ran) + int(waited)


def fork_in_new_pid_namespace(fork):
    """
    The child is process 1 of a namespace of its own, which dies with it. `fork` is not os.fork(): what that makes anew in the child (locks,
    thread ids) is as it should be in a process that never had a second thread, and would cost the child twenty page faults.
    """
    if not _layers & NAMESPACES:
        return _forked(fork())
    if _unshare(_CLONE_NEWPID):
        _must(_libc.unshare(_CLONE_NEWPID), "unshare(CLONE_NEWPID)")
    pid = _forked(fork())
    if pid and _setns(_own_pid_namespace, _CLONE_NEWPID):
        _must(_libc.setns(_own_pid_namespace, _CLONE_NEWPID), "setns(CLONE_NEWPID)")
    return pid


def _forked(pid):
    if pid < 0:
        raise OSError("fork failed")
    return pid


def prepare_run(memory, stack, file_size):
    """In the zygote: what the next child finds."""
    if _layers & LIMITS:
        sandbox_limits.limit_children(memory, stack, file_size)
    _clean_tmp()


def _clean_tmp():
    """Gives the next child an empty /tmp: a new file system if the last child touched it in any way."""
    if _layers & NAMESPACES and _state_of_tmp() != _tmp_state:
        os.chdir("/")
        _must(_libc.umount2(_TMP, _MNT_DETACH), "umount2(/tmp)")
        _fresh_tmp()


def _state_of_tmp():
    """Changes whenever an entry comes or goes; tmpfs counts them in the size of the directory."""
    found = os.stat(_TMP)
    return (found.st_ctime_ns, found.st_mtime_ns, found.st_size)


def _fresh_tmp():
    global _tmp_state
    options = b"size=%d,nr_inodes=1024,mode=0700" % _tmp_size
    _must(_libc.mount(b"tmpfs", _TMP, b"tmpfs", _MS_NOSUID_NODEV, options), "mount(/tmp)")
    os.chdir(_TMP)
    _tmp_state = _state_of_tmp()
    # From here on a change gets a later ctime than this one, even within one tick of the file system's clock.
    while time.clock_gettime_ns(_CLOCK_REALTIME_COARSE) <= _tmp_state[0]:
        time.sleep(0.001)


def confine(backstop, processes):
    """In the child, last thing before the submission: limits, no capabilities, system call filter."""
    if _layers & LIMITS:
        sandbox_limits.limit_child(backstop, processes)
    if _capset(_header, _nothing):
        _must(_libc.capset(_capset_header, _capset_nothing), "capset")
    if _layers & SECCOMP and _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _filter_address, 0, 0):
        _must(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_filter), 0, 0), "prctl(PR_SET_SECCOMP)")


def rehearse():
    """Calls as confine() does, to no effect."""
    _capset(None, None)
    _prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)
