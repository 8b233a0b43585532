"""Keeps memory that a training step has freed for the next one.

glibc gives every large block back to the system as soon as it is freed, and asks for it again in
the next step; the system then fills it with zeros, page by page. On a CPU that costs 20 to 30 % of
the time of training.
"""

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4  # From malloc.h.
_NEVER = -1
_PAD_BYTES = 500_000_000


def keep_freed_memory() -> bool:
    """Let this process keep what it frees; return whether its C library can be told so.

    Blocks come from the heap however large they are, and the heap grows by `_PAD_BYTES` at a time
    and does not shrink.
    """
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):  # Such as musl, which has no mallopt.
        return False
    wanted = ((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, _NEVER), (_M_TOP_PAD, _PAD_BYTES))
    done = [library.mallopt(parameter, value) == 1 for parameter, value in wanted]
    return all(done)
