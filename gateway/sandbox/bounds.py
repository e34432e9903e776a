"""What a child may do: no more memory than it is told, no files, no network, no privileges, no life after its parent.

Linux only. Each bound is the kernel's; where a kernel or a container refuses one (a namespace of its own for the
network), the others hold all the same, and ``bound`` says which do.
"""

from __future__ import annotations

import ctypes
import resource
import signal

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_CLONE_NEWNET, _CLONE_NEWIPC = 0x40000000, 0x08000000
_FILES = 64
"""Open files: enough to import a library."""


def bound() -> frozenset[str]:
    """Take everything away that a parser does not need; return the names of the bounds that the kernel granted."""
    system = ctypes.CDLL(None, use_errno=True)
    granted = set()
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        granted.add("privileges")
    if system.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
        granted.add("core")
    if system.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0:
        granted.add("network")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    granted.update(("files", "size"))
    return frozenset(granted)


def bound_time(seconds: float) -> None:
    """Let the process live no longer than that, whatever it is doing; 0 lifts the bound.

    The parent kills a child that is late. This is for a child whose parent is gone: the kernel's signal to children of
    a dead parent (PR_SET_PDEATHSIG) is sent when the *thread* ends that started them, and so cannot be used.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def bound_memory(most: int) -> None:
    """Let the process take ``most`` bytes more than it has (RLIMIT_DATA: private memory, not address space)."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no more imports than must be
        taken = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (taken + most, hard))
