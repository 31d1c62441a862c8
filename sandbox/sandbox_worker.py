"""The warm parent of a worker: forks one confined child per run and relays bytes without ever holding them.

Frames from the host: u32 kind, u32 length, data. RUN: limits, then the child's payload; INPUT: more input for the
child that runs; STOP: end it. Frames to the host: u32 length, u8 kind, data. BYTES: what the child wrote (untrusted);
STATUS: how it ended, then the end of its standard error; READY: once, the version of the interpreter and the bytes
that are copied ahead for each child.
"""
import fcntl
import gc
import importlib
import mmap
import os
import select
import signal
import struct
import sys
import time
import traceback

import cheap_forks
import page_costs
import run_request
import sandbox_layers
import sandbox_limits

RUN, INPUT, STOP = 1, 2, 3
BYTES, STATUS, READY = 1, 2, 3
ENDED, WALL_LIMIT, OUTPUT_LIMIT, STOPPED, NOT_CONFINED, CPU_LIMIT = range(6)

_FRAME = struct.Struct("<II")
_LIMITS = struct.Struct("<IIIIIIIQQ")
_REPLY = struct.Struct("<IB")
_STATUS = struct.Struct("<BiQQQII")
_FIONREAD = 0x541B
_NONBLOCK = os.SPLICE_F_NONBLOCK | os.SPLICE_F_MOVE
_STDERR_TAIL = 2000
_QUIET_MS = 4
_PATIENCE = 20
_CPU_PATIENCE = 4
_REHEARSALS = 20
_MOST_OF_FAULTS = 0.75
_CPU_USER_AND_KERNEL, _CPU_USER, _CPU_ALL = range(3)  # the kernel's CPUCLOCK_PROF, _VIRT (both by ticks) and _SCHED (exact)
_CORES = len(os.sched_getaffinity(0))
_PACKAGES = "/usr/lib/python3/dist-packages"
_confined = mmap.mmap(-1, 1)
_fork = None
_read = None
_fault_seconds = 0.0  # that each page fault adds to time in user mode, without being the program's


def main(whole_reader, layers, seccomp, packages, copying):
    """Serves runs until the host closes standard input."""
    global _fork, _read, _fault_seconds
    _read = whole_reader(0, 0)
    if packages:
        sys.path.append(_PACKAGES)
    for package in packages:
        importlib.import_module(package)
    run_request.prepare(whole_reader)
    for _ in range(_REHEARSALS):
        run_request.rehearse()
    gc.collect()
    gc.freeze()
    gc.disable()
    _fault_seconds = page_costs.fault_outside_of_kernel()
    _fork = cheap_forks.prepare(copying, run_request.rehearse)
    sandbox_layers.prepare(layers, seccomp)
    _send(READY, ("%d.%d.%d %d" % (*sys.version_info[:3], cheap_forks.bytes_copied())).encode())
    while True:
        kind, length = _FRAME.unpack(_read(_FRAME.size))
        if kind == RUN:
            _run(length)
        elif kind in (INPUT, STOP):
            _discard(length)  # it crossed with the end of its run
        else:
            raise SystemExit("frame kind is %d, expected 1 to 3" % kind)


def _run(length):
    limits = _LIMITS.unpack(_read(_LIMITS.size))
    mode, user_ms, kernel_ms, wall_ms, output_cap, file_size, processes, memory, stack = limits
    sandbox_layers.prepare_run(memory, stack, file_size)
    input_read, input_write = os.pipe()
    output_read, output_write = os.pipe()
    stderr = os.memfd_create("stderr")
    _confined[0] = 0
    started = time.monotonic()
    pid = sandbox_layers.fork_in_new_pid_namespace(_fork)
    if pid == 0:
        try:
            backstop = 2 * (user_ms + kernel_ms) // 1000 + 2  # this process is the one that counts
            run_request.run(mode, length - _LIMITS.size, input_read, output_write, stderr, backstop, processes, _confined)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(70)
    process = os.pidfd_open(pid)
    os.close(input_read)
    os.close(output_write)
    child = _Child(pid, process, input_write, output_read, started, user_ms / 1000, kernel_ms / 1000, wall_ms / 1000)
    reason, sent = _relay(child, length - _LIMITS.size, output_cap, mode in run_request.INTERACTIVE)
    signal.pidfd_send_signal(process, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    left = 0 if reason == OUTPUT_LIMIT else _pass_on(output_read, output_cap - sent)
    if left < 0:
        reason = OUTPUT_LIMIT
    faults = _of_faults(usage.ru_utime, usage.ru_minflt)
    user, kernel = usage.ru_utime - faults, usage.ru_stime + faults
    if reason == ENDED and (user * 1000 >= user_ms or kernel * 1000 >= kernel_ms):
        reason = CPU_LIMIT
    if not _confined[0]:
        reason = NOT_CONFINED
    size = os.lseek(stderr, 0, os.SEEK_END)
    tail = min(size, _STDERR_TAIL)
    record = _STATUS.pack(reason, status, int(user * 1e6), int(kernel * 1e6), int(wall * 1e6), usage.ru_maxrss, size)
    _write(_REPLY.pack(len(record) + tail, STATUS) + record)
    offset = size - tail
    while offset < size:
        offset += os.sendfile(1, stderr, offset, size - offset)
    for descriptor in (process, output_read, stderr):
        os.close(descriptor)


def _of_faults(user_seconds, faults):
    """What of a time in user mode page faults took. Never more than three quarters: a program can cause faults that take no such time."""
    return min(_MOST_OF_FAULTS * user_seconds, faults * _fault_seconds)


class _Child:
    """
    A running child. What decides is its time in user mode, which is the same wherever a page fault or a system call is dear; its time
    in the kernel has a wide limit of its own, to which all of a page fault is added. All CPU time is read from the child's own clock: RLIMIT_CPU counts ticks, more of them
    on a busy machine. How it divides into user and kernel is known by ticks alone, so only the ratio is taken from those.
    """

    def __init__(self, pid, process, input_write, output_read, started, user_seconds, kernel_seconds, wall_seconds):
        self.process = process
        self.input_write = input_write
        self.output_read = output_read
        self._user_seconds = user_seconds
        self._kernel_seconds = kernel_seconds
        self._cpu_check = started + user_seconds / _CORES
        self._pid = pid
        self._started = started
        self._wall_seconds = wall_seconds
        self._deadline = started + wall_seconds
        self._last_deadline = started + max(_PATIENCE * wall_seconds, _CPU_PATIENCE * (user_seconds + kernel_seconds))

    def time_left(self):
        """(seconds until the next look at the clocks, 0 or less when a limit is reached; which limit)."""
        now = time.monotonic()
        if now >= self._deadline:
            # Only time in which it neither ran nor waited for its turn counts: on a busy machine it waits a lot.
            idle = now - self._started - sandbox_layers.active_seconds(self._pid)
            self._deadline = min(now + max(0, self._wall_seconds - idle), self._last_deadline)
        wall = self._deadline - now
        if now < self._cpu_check:
            return min(wall, self._cpu_check - now), WALL_LIMIT
        try:
            cpu = self._cpu_left()
        except OSError:
            return wall, WALL_LIMIT  # it has just ended
        return (cpu, CPU_LIMIT) if cpu < wall else (wall, WALL_LIMIT)

    def _cpu_left(self):
        used = self._clock(_CPU_ALL)
        if used < self._user_seconds:
            return self._user_seconds - used
        ticks = self._clock(_CPU_USER_AND_KERNEL)
        user = used * self._clock(_CPU_USER) / ticks if ticks else used
        user -= _of_faults(user, sandbox_layers.page_faults(self._pid))
        return min(self._user_seconds - user, self._kernel_seconds - (used - user))

    def _clock(self, which):
        return time.clock_gettime(~self._pid << 3 | which)  # the kernel's MAKE_PROCESS_CPUCLOCK


def _relay(child, pending, output_cap, watching_output):
    """Moves bytes both ways until the child ends, is ended by the host, or goes over a limit."""
    process, input_write, output_read = child.process, child.input_write, child.output_read
    os.set_blocking(input_write, False)
    poller = select.poll()
    poller.register(process, select.POLLIN)
    poller.register(0, select.POLLIN)
    if watching_output:
        poller.register(output_read, select.POLLIN)
    sent = 0
    full = False
    reason = ENDED
    if pending:
        pending, full, input_write = _feed(poller, input_write, pending)
    while True:
        left, limit = child.time_left()
        if left <= 0:
            reason = limit
            break
        # Most children end within a few milliseconds: one wake-up for all they wrote.
        wait = left * 1000 + 1 if watching_output else _QUIET_MS
        ready = dict(poller.poll(wait))
        if not watching_output and not ready:
            poller.register(output_read, select.POLLIN)
            watching_output = True
        if output_read in ready:
            moved = _pass_on(output_read, output_cap - sent)
            if moved < 0:
                reason = OUTPUT_LIMIT
                break
            if moved == 0:
                poller.unregister(output_read)  # the child closed it and goes on
            sent += moved
        if process in ready:
            break
        if full and input_write in ready:
            poller.unregister(input_write)
            poller.register(0, select.POLLIN)
            pending, full, input_write = _feed(poller, input_write, pending)
        elif 0 in ready:
            if pending:
                pending, full, input_write = _feed(poller, input_write, pending)
            else:
                kind, pending = _FRAME.unpack(_read(_FRAME.size))
                if kind == STOP:
                    reason = STOPPED
                    break
                pending, full, input_write = _feed(poller, input_write, pending)
    if input_write >= 0:
        os.close(input_write)
    _discard(pending)
    return reason, sent


def _feed(poller, input_write, pending):
    """Moves what is there of the host's bytes to the child; says what is left and whether the child's pipe is full."""
    while pending:
        if input_write < 0:
            _discard(pending)
            return 0, False, -1
        try:
            moved = os.splice(0, input_write, pending, flags=_NONBLOCK)
            if moved == 0:
                os._exit(0)
            pending -= moved
        except BlockingIOError:
            if not _waiting(0):
                break
            poller.unregister(0)
            poller.register(input_write, select.POLLOUT)
            return pending, True, input_write
        except BrokenPipeError:
            os.close(input_write)
            input_write = -1
    return pending, False, input_write


def _pass_on(output_read, allowed):
    """Moves what the child has written to the host: the byte count, or -1 when it is more than allowed."""
    moved = 0
    while True:
        size = _waiting(output_read)
        if size == 0:
            return moved
        if moved + size > allowed:
            return -1
        _write(_REPLY.pack(size, BYTES))
        while size:
            count = os.splice(output_read, 1, size)
            moved += count
            size -= count


def _waiting(descriptor):
    return int.from_bytes(fcntl.ioctl(descriptor, _FIONREAD, b"\0\0\0\0"), "little")


def _discard(size):
    while size:
        size -= len(_read(min(size, 65536)))


def _send(kind, data):
    _write(_REPLY.pack(len(data), kind) + data)


def _write(data):
    while data:
        data = data[os.write(1, data):]
