"""What memory costs on this machine, in processor time, so that neither load nor a throttled processor is taken for dear pages."""
import ctypes
import mmap
import time

PIECE = 2 << 20  # a large page
_PAGE = 4096
PAGES = PIECE // _PAGE
LARGE = 14  # MADV_HUGEPAGE

_ROUNDS = 4
_SAMPLE = 64  # pages that faults are counted on: where they are dear, a whole piece of them takes as long as all else that a worker does first
_SAMPLED = _SAMPLE * _PAGE
_FAILED = (1 << 64) - 1
_SMALL, _POPULATE = 15, 23  # MADV_NOHUGEPAGE, MADV_POPULATE_WRITE
_libc = ctypes.CDLL(None)
_address, _size = ctypes.c_void_p, ctypes.c_size_t
_libc.mmap.restype = _address
_libc.mmap.argtypes = (_address, _size, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
_libc.munmap.argtypes = (_address, _size)
_libc.madvise.argtypes = (_address, _size, ctypes.c_int)


def fault():
    """Seconds that the first write to a page takes."""
    return _fastest(lambda area: ctypes.memset(area, 1, _SAMPLED), 1, _SMALL) / _SAMPLE


def fault_outside_of_kernel():
    """
    Those of them that count as time in user mode: what it takes to get into the kernel and out again. Next to nothing, unless the host of
    a virtual machine keeps the page tables. 0 where the kernel (before 5.14) cannot fill pages by itself to compare with.
    """
    area = map_pieces(1)
    known = _libc.madvise(area, _PAGE, _POPULATE) == 0
    _libc.munmap(area, PIECE)
    return max(0.0, fault() - _fastest(lambda area: _libc.madvise(area, _SAMPLED, _POPULATE), 1, _SMALL) / _SAMPLE) if known else 0.0


def copy_of_piece():
    """Seconds that a copy of a large page takes."""
    return _fastest(lambda area: ctypes.memmove(area + PIECE, area, PIECE), 2, LARGE)


def map_pieces(count):
    """Empty memory of so many large pages."""
    size = count * PIECE
    area = map_memory(size + PIECE)
    start = -(-area // PIECE) * PIECE
    if start > area:
        _libc.munmap(area, start - area)
    if start < area + PIECE:
        _libc.munmap(start + size, area + PIECE - start)
    _libc.madvise(start, size, LARGE)
    return start


def map_memory(size):
    area = _libc.mmap(None, size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    if area == _FAILED:
        raise MemoryError("mmap of %d bytes failed" % size)
    return area


def _fastest(work, count, pages):
    times = []
    for _ in range(_ROUNDS):
        area = map_pieces(count)
        _libc.madvise(area, count * PIECE, pages)
        if count > 1:
            ctypes.memset(area, 1, PIECE)
        started = time.process_time()
        work(area)
        times.append(time.process_time() - started)
        _libc.munmap(area, count * PIECE)
    return min(times)
