"""Makes the fork of a child cheap: what a new process touches first costs a page fault, and those are most of what a run costs.

A page fault takes 0.5 us on most machines, and 10 to 40 us where the host of a virtual machine keeps the processor's page tables; there
the first look at a page that is in place already takes a new process 5 us more, which no count of page faults shows. So the zygote lays
its memory out in pieces of 2 MiB, and where that is cheaper, the routine by which it forks copies whole pieces in the child, before the
child runs anything. The layout is the same whether memory is copied or not: addresses decide the order of sets.
"""
import ctypes
import mmap
import os
import struct

import fork_routine
import page_costs
from page_costs import LARGE, PAGES, PIECE

MEASURED, NEVER, ALWAYS = range(3)

_ARENA = 1 << 20
_ARENAS = 6
_BLOCK = 1 << 16
_PAGE = 4096
_PRESENT_AND_OWN = 1 << 63 | 1 << 56  # in /proc/self/pagemap
_COPIED_TO_EMPTY = 1.5  # what a page costs that is copied, when one that is filled with zeros costs 1
_WRITE = mmap.PROT_READ | mmap.PROT_WRITE
_RUN = mmap.PROT_READ | mmap.PROT_EXEC
_OWN = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
_AT_FREE_ADDRESS = 0x100000  # MAP_FIXED_NOREPLACE
_MOVE_THERE = 3  # MREMAP_MAYMOVE | MREMAP_FIXED
_MOST, _MOST_CODE = 16, 8  # pieces
_FORK, _READER, _COUNT, _STEPS = range(4)  # words of a plan, as the routine reads them
_STEP_WORDS = 7  # a system call and what it gets, or a copy: target, source, words
_COPIED = _STEPS + _STEP_WORDS * (5 * _MOST_CODE + 2 * _MOST + 4)  # bytes that are
_WORDS = _COPIED + 1
_COPY = -1
_MMAP, _MPROTECT, _MREMAP, _MADVISE, _WRITE_OUT = 9, 10, 25, 28, 1  # numbers of system calls on x86-64

_libc = ctypes.CDLL(None, use_errno=True)
_fork = ctypes.PyDLL(None).fork  # without giving up the interpreter's lock
_address, _size = ctypes.c_void_p, ctypes.c_size_t
_libc.malloc.restype = _libc.sbrk.restype = _address
_libc.munmap.argtypes = (_address, _size)
_libc.mprotect.argtypes = (_address, _size, ctypes.c_int)
_libc.malloc.argtypes = (_size,)
_libc.sbrk.argtypes = (ctypes.c_long,)
_libc.free.argtypes = (_address,)
_kept = []
_each_fork = (ctypes.c_uint64 * _WORDS)()  # the plan of a fork


def line_up_arenas():
    """Before anything else is loaded: lets the arenas of what comes lie in whole pieces. A block is kept of each, which keeps the arena."""
    probe = page_costs.map_memory(_ARENA)
    _libc.munmap(probe, _ARENA)
    beyond = (probe + _ARENA) % PIECE
    if beyond:
        _must(_libc.mprotect(page_costs.map_memory(beyond), beyond, 0))
    seen = set()
    blocks = []
    while len(seen) < _ARENAS:
        block = bytes(512 - 33)
        blocks.append(block)
        if id(block) // _ARENA not in seen:
            seen.add(id(block) // _ARENA)
            _kept.append(block)


def prepare(when, rehearse):
    """Once, after all is loaded: the fork for children, as a function. `rehearse` does what a child does first."""
    _fill_heap()
    if not os.path.exists("/proc/self/maps"):
        return _fork  # some containers forbid it
    _keep_mapped("python3", "libc.so", "ld-linux", "libffi", "_ctypes", "LC_CTYPE")
    routine = fork_routine.code()
    if not routine:
        return _fork
    if len(os.listdir("/proc/self/task")) > 1:
        when = NEVER  # a thread of a package could write while memory is copied
    code = mmap.mmap(-1, _PAGE, flags=_OWN, prot=_WRITE)  # not shared: no child may reach it
    code.write(routine)
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    _must(_libc.mprotect(address, _PAGE, _RUN))
    run = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(address)
    now = (ctypes.c_uint64 * _WORDS)()
    _kept.append(code)
    _decide(now, _each_fork, when, rehearse)
    run(ctypes.addressof(now))
    plan = ctypes.addressof(_each_fork)
    return lambda: run(plan)


def bytes_copied():
    """For each child; 0 where none are."""
    return _each_fork[_COPIED]


def _decide(now, each_fork, when, rehearse):
    """
    Fills in the plans for the zygote's own memory and for its forks. A child decides, and the routine carries it out, so that nothing
    here leaves traces in the zygote's allocators, which would make addresses depend on the decision.
    """
    reader, writer = os.pipe()
    ready_reader, ready_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    child = _fork()
    if child < 0:
        raise OSError("fork failed")
    if child == 0:
        try:
            places = _worth_copying(when, rehearse)
            spare = page_costs.map_pieces(len(places)) if places else 0
            moves = []
            copy = spare
            for place, count in _neighbours(places):
                moves += [(_COPY, copy, place, count * PIECE // 8), _move(copy, place, count)]
                copy += count * PIECE
            if places:
                _fill(now, _code_on_large_pages() + _empty(spare, len(places)) + moves + _empty(spare, len(places)))
                _fill(each_fork, moves + [(_WRITE_OUT, ready_writer, places[0], 1)])  # any byte
                each_fork[_COPIED] = len(places) * PIECE
            os.writev(writer, (now, each_fork))
        finally:
            os._exit(0)
    os.close(writer)
    if os.readv(reader, (now, each_fork)) < 2 * ctypes.sizeof(now):
        now[_COUNT] = each_fork[_COUNT] = each_fork[_COPIED] = 0  # it was killed or ran out of memory: nothing is copied
    each_fork[_FORK], each_fork[_READER] = ctypes.cast(_fork, ctypes.c_void_p).value, ready_reader
    os.close(reader)
    os.waitpid(child, 0)


def _code_on_large_pages():
    """Steps for the interpreter's code, which has no other part to lie on large pages than in memory of the zygote's own."""
    steps = []
    for place in _pieces("r-xp", "r--p", file="python3")[:_MOST_CODE]:
        copy = page_costs.map_pieces(1)
        steps += _empty(copy, 1) + [(_COPY, copy, place, PIECE // 8), (_MPROTECT, copy, PIECE, _RUN), _move(copy, place, 1)]
    return steps


def _empty(place, count):
    """Steps that map empty large pages."""
    return [(_MMAP, place, count * PIECE, _WRITE, _OWN | _AT_FREE_ADDRESS, -1, 0), (_MADVISE, place, count * PIECE, LARGE)]


def _move(copy, place, count):
    """The step that puts a copy where what it is of is, which is gone in the same step."""
    return (_MREMAP, copy, count * PIECE, count * PIECE, _MOVE_THERE, place)


def _neighbours(places):
    """(place, count) of pieces that lie side by side."""
    found = []
    for place in places:
        if found and place == found[-1][0] + found[-1][1] * PIECE:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return found


def _fill(plan, steps):
    plan[_COUNT] = len(steps)
    for index, step in enumerate(steps):
        start = _STEPS + _STEP_WORDS * index
        plan[start:start + len(step)] = [word & (1 << 64) - 1 for word in step]


def _worth_copying(when, rehearse):
    """Places of the pieces of which a child that only rehearses writes to so many pages that a copy of the piece costs less."""
    if when == NEVER:
        return []
    least = 1 if when == ALWAYS else page_costs.copy_of_piece() / (_COPIED_TO_EMPTY * page_costs.fault())
    places = _pieces("rw-p", "r--p")
    rehearse()
    pages = os.open("/proc/self/pagemap", os.O_RDONLY)
    written = []
    for place in places:
        entries = struct.unpack("<%dQ" % PAGES, os.pread(pages, 8 * PAGES, place // _PAGE * 8))
        written.append((sum(entry & _PRESENT_AND_OWN == _PRESENT_AND_OWN for entry in entries), place))
    return sorted(place for count, place in sorted(written)[-_MOST:] if count >= least)


def _keep_mapped(*names):
    """Children find the pages of these files in place. A fork copies the page table of a mapping only when one of its pages is private:
    so one byte of each mapping is written, with the value that it has."""
    for start, end, access, name in _mappings():
        if access in ("r-xp", "r--p") and name.rpartition("/")[2].startswith(names):
            as_it_is = _RUN if access == "r-xp" else mmap.PROT_READ
            _must(_libc.mprotect(start, end - start, as_it_is | mmap.PROT_WRITE))
            byte = ctypes.c_char.from_address(start)
            byte.value = byte.value
            _must(_libc.mprotect(start, end - start, as_it_is))


def _fill_heap():
    """Lets malloc's heap reach the end of a piece. What is free in it is for the children."""
    end = -(-_libc.sbrk(0) // PIECE) * PIECE
    blocks = []
    while _libc.sbrk(0) < end:
        blocks.append(_libc.malloc(_BLOCK))
    for block in blocks[:-1]:
        _libc.free(block)  # the last one stays, or all would be given back to the system


def _pieces(main, other, file=""):
    """Places of the pieces that lie in mappings with these kinds of access alone, the main one among them."""
    found = {}
    special = _special_to_forks()
    for start, end, access, name in _mappings():
        usual = start not in special and not name.startswith(("[stack", "[v")) and name.rpartition("/")[2].startswith(file)
        if access in (main, other) and usual:
            for place in range(start // PIECE * PIECE, end, PIECE):
                size, kinds = found.get(place, (0, ()))
                found[place] = (size + min(end, place + PIECE) - max(start, place), kinds + (access,))
    return [place for place, (size, kinds) in sorted(found.items()) if size == PIECE and main in kinds]


def _special_to_forks():
    """Starts of mappings that a fork wipes or leaves out, such as the state of random numbers."""
    special = set()
    with open("/proc/self/smaps") as maps:
        for line in maps:
            if line[0] in "0123456789abcdef":
                start = int(line.partition("-")[0], 16)
            elif line.startswith("VmFlags:") and not {"wf", "dp", "dc"}.isdisjoint(line.split()):
                special.add(start)
    return special


def _mappings():
    """(start, end, access, file or name) of all memory."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            area, access, _, _, _, *name = line.split()
            start, end = area.split("-")
            yield int(start, 16), int(end, 16), access, "".join(name)


def _must(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), "mprotect failed")


line_up_arenas()
