"""Makes the fork of a child cheap: what a child touches first costs a page fault, and those are most of what a run costs."""
import ctypes
import mmap

_POOL = 1 << 14
_FIRST_BLOCK = 96
_MOST_BLOCKS = 4096
_LARGE = [1 << power for power in range(16, 9, -1)] + [768, 640, 560, 530]
_kept = []
_libc = ctypes.CDLL(None)


def pack_memory():
    """Fills the holes of the allocators, so that what is made from here on lies side by side: fewer pages to copy when it is written to."""
    for size in range(48, 513, 16):
        for _ in range(_MOST_BLOCKS):
            block = bytes(size - 33)
            _kept.append(block)
            if id(block) % _POOL < _FIRST_BLOCK:
                break
    highest = 0
    for size in _LARGE:
        misses = 0
        while misses < 3:
            block = bytes(size - 41)
            _kept.append(block)
            if id(block) > highest:
                highest = id(block)
                misses += 1


def keep_mapped(*names):
    """Children find the pages of these files in place. A fork copies the page table of a mapping only when one of its pages is private:
    so one byte of each mapping is written, with the value that it has."""
    with open("/proc/self/maps") as maps:
        regions = [line.split() for line in maps]
    for region in regions:
        if region[1] in ("r-xp", "r--p") and region[-1].rpartition("/")[2].startswith(names):
            start, end = (int(number, 16) for number in region[0].split("-"))
            access = mmap.PROT_READ | (mmap.PROT_EXEC if region[1] == "r-xp" else 0)
            _protect(start, end, access | mmap.PROT_WRITE)
            byte = ctypes.c_char.from_address(start)
            byte.value = byte.value
            _protect(start, end, access)


def _protect(start, end, access):
    if _libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(end - start), access):
        raise OSError("mprotect failed")


pack_memory()
