"""What a child may do: no more memory than it is told, no files, no network, no privileges, no life after its parent.

Linux only. Each bound is the kernel's; where a kernel or a container refuses one, the others hold all the same, and
``bound`` says which do. There is no RLIMIT_NPROC: it counts the processes of the whole user, and no process can be
started anyway.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Iterable

from gateway.sandbox.calls import refuse_calls
from gateway.sandbox.paths import readable, see_only

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CLONE_NEWNET, _CLONE_NEWIPC = 0x40000000, 0x08000000
_CAPABILITIES = 0x20080522
"""_LINUX_CAPABILITY_VERSION_3 of linux/capability.h."""
_FILES = 64
"""Open files: enough to import a library."""
_PROCESSOR = 4 * 3600
"""Seconds of work in the life of a child: for one that was taken over and lives on."""


def bound(paths: Iterable[str] = ()) -> frozenset[str]:
    """Take everything away that a parser does not need; return the names of the bounds that the kernel granted.

    ``paths`` may be read beside Python and the libraries.
    """
    system = ctypes.CDLL(None, use_errno=True)
    granted = set()
    if system.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0:
        granted.add("network")
    if _drop_capabilities(system) and system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        granted.add("privileges")
    # All children are started by one thread, which lives as long as its process: this signal is of the thread's death.
    if system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0:
        granted.add("orphans")
    if system.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
        granted.add("core")
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CPU, _PROCESSOR),
    ):
        resource.setrlimit(kind, (most, most))
    granted.add("size")
    if see_only(system, {*readable(), *paths}):
        granted.add("files")
    if refuse_calls(system):
        granted.update(("calls", "network"))
    return frozenset(granted)


def _drop_capabilities(system: ctypes.CDLL) -> bool:
    """Give up what makes root: that a file is not his does not stop him, nor a limit."""
    head, none = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    return bool(system.capset(head, none) == 0)


def bound_time(seconds: float) -> None:
    """Let the process live no longer than that, whatever it is doing; 0 lifts the bound. The parent is faster."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


class Memory:
    """Bounds what this process takes, beside what it took when it had just started (RLIMIT_DATA).

    That is private memory that can be written: heap, anonymous mappings, stacks of threads. Address space (RLIMIT_AS)
    would also count what is only reserved: pyarrow reserves three times what it uses.
    """

    def __init__(self) -> None:
        """Note what is taken now; made before files can no longer be opened."""
        self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self._page = resource.getpagesize()
        self._start = self._taken()

    def _taken(self) -> int:
        return int(os.pread(self._statm, 128, 0).split()[5]) * self._page

    def bound(self, most: int) -> None:
        """Let the process take ``most`` bytes more than it has, and never more than twice that in all."""
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        if hard == resource.RLIM_INFINITY:
            hard = self._start + 2 * most
        resource.setrlimit(resource.RLIMIT_DATA, (min(self._taken() + most, hard), hard))

    def kept(self, most: int) -> bool:
        """Tell whether so much stays taken after a document that the next would not have its ``most``."""
        return self._taken() > self._start + most
