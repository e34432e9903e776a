"""Which system calls a child may not make (seccomp): none that opens a socket, starts a program or changes a file.

A list of what is refused, since what Python and native libraries need differs from one machine to the next; but what
the kernel has learnt since Linux 5.1 is refused as a whole, as if it had not been learnt, and libraries fall back.
Numbers of calls are those of the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl, asm-generic/unistd.h).
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""AUDIT_ARCH of linux/audit.h, and the column of the tables below."""

_SINCE = 424
"""From here on all machines number alike: pidfd_send_signal, io_uring, clone3, openat2, process_madvise ..."""
_STILL = (436, 439)  # close_range, faccessat2

_REFUSED: tuple[tuple[int, int], ...] = (
    # Network: socket, socketpair, bind, listen, accept, connect, sendmsg (which hands files over), accept4, sendmmsg.
    (41, 198), (53, 199), (49, 200), (50, 201), (43, 202), (42, 203), (46, 211), (288, 242), (307, 269),
    # Processes: execve, execveat, ptrace, kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo, process_vm_readv, _writev.
    (59, 221), (322, 281), (101, 117), (62, 129), (200, 130), (129, 138), (297, 240), (310, 270), (311, 271),
    # fork, vfork: aarch64 has none.
    (57, -1), (58, -1),
    # Depths of the kernel: unshare, setns, mount, bpf, perf_event_open, add_key, request_key, keyctl, userfaultfd,
    # personality, name_to_handle_at, open_by_handle_at.
    (272, 97), (308, 268), (165, 40), (321, 280), (298, 241), (248, 217), (249, 218), (250, 219), (323, 282),
    (135, 92), (303, 264), (304, 265),
    # Memory that RLIMIT_DATA does not count: memfd_create, shmget, msgget, semget, mq_open.
    (319, 279), (29, 194), (68, 186), (64, 190), (240, 180),
    # Files: mknodat, mkdirat, unlinkat, symlinkat, linkat, renameat, renameat2, truncate, ftruncate, fallocate,
    # fchmod, fchmodat, fchownat, fchown, utimensat, setxattr, lsetxattr, fsetxattr, removexattr, lremovexattr,
    # fremovexattr, inotify_add_watch, fanotify_init.
    (259, 33), (258, 34), (263, 35), (266, 36), (265, 37), (264, 38), (316, 276), (76, 45), (77, 46), (285, 47),
    (91, 52), (268, 53), (260, 54), (93, 55), (280, 88), (188, 5), (189, 6), (190, 7), (197, 14), (198, 15),
    (199, 16), (254, 27), (300, 262),
    # Those that aarch64 never had: creat, rename, mkdir, rmdir, link, unlink, symlink, chmod, chown, lchown, utime,
    # mknod, utimes, futimesat.
    (85, -1), (82, -1), (83, -1), (84, -1), (86, -1), (87, -1), (88, -1), (90, -1), (92, -1), (94, -1), (132, -1),
    (133, -1), (235, -1), (261, -1),
)  # fmt: skip

_CLONE_THREAD, _SHARED_ANONYMOUS = 0x10000, 0x21
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_PDEATHSIG = 1
_ALL = 0xFFFFFFFF

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16


def _conditions(me: int) -> tuple[tuple[tuple[int, int], int, int, int, bool], ...]:
    """Calls that depend on an argument: its index, mask, value, and whether that value is what may pass."""
    return (
        ((56, 220), 0, _CLONE_THREAD, _CLONE_THREAD, True),  # clone: threads, no processes
        ((257, 56), 2, _WRITING, 0, True),  # openat
        ((2, -1), 1, _WRITING, 0, True),  # open
        ((9, 222), 3, _SHARED_ANONYMOUS, _SHARED_ANONYMOUS, False),  # mmap: RLIMIT_DATA counts private memory only
        ((234, 131), 0, _ALL, me, True),  # tgkill: abort() may
        ((302, 261), 0, _ALL, 0, True),  # prlimit64: its own limits
        ((157, 167), 0, _ALL, _PDEATHSIG, False),  # prctl: dies with its parent
    )


def _program(machine: str, me: int) -> bytes:
    """Return the filter as instructions of classic BPF."""
    arch, column = _MACHINES[machine]
    refuse, unknown = (_RETURN, 0, 0, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)
    allow = (_RETURN, 0, 0, _ALLOW)
    steps = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    for number in _STILL:
        steps += [(_EQUAL, 0, 1, number), allow]
    steps += [(_AT_LEAST, 0, 1, _SINCE), unknown]
    for call in _REFUSED:
        if call[column] >= 0:
            steps += [(_EQUAL, 0, 1, call[column]), refuse]
    for call, argument, mask, value, passes in _conditions(me):
        if call[column] >= 0:
            steps += [
                (_EQUAL, 0, 5, call[column]),
                (_LOAD, 0, 0, _ARGUMENTS + 8 * argument),  # the lower half: both machines are little-endian
                (_AND, 0, 0, mask),
                (_EQUAL, 0, 1, value),
                allow if passes else refuse,
                refuse if passes else allow,
            ]
    return b"".join(struct.pack("<HBBI", *step) for step in (*steps, allow))


def refuse_calls(system: ctypes.CDLL) -> bool:
    """Refuse these calls to this process for good; tell whether the kernel does. Needs no_new_privs."""
    machine = os.uname().machine
    if machine not in _MACHINES:
        return False
    program = _program(machine, os.getpid())
    room = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(room))
    zero = ctypes.c_ulong(0)
    return bool(system.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), head, zero, zero) == 0)
