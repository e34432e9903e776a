"""Which files a child may see (Landlock, Linux 5.13 and later): Python, libraries and public data, and those to read.

Neither the keys and the ledger of the gateway nor anybody's files are among them. Numbers and structures are those of
linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each version of Landlock knows; later ones know as many as the last."""
_BIND_CONNECT, _SOCKETS_SIGNALS = 0b11, 0b11

_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share", "/etc/ld.so.cache", "/etc/localtime",
    "/dev/null", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/proc/self",
)  # fmt: skip


def readable() -> set[str]:
    """Return the folders and files that Python, the gateway's code and native libraries are made of."""
    scheme = sysconfig.get_paths()
    # Not all of sys.path: the folder that the gateway was started in may be among it.
    libraries = {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    libraries.update(scheme[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    return libraries | {str(Path(__file__).resolve().parents[1]), *_SYSTEM}


def see_only(system: ctypes.CDLL, paths: Iterable[str]) -> bool:
    """Let this process read ``paths`` and open nothing else; tell whether the kernel does. Needs no_new_privs."""
    version = system.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    handled = (1 << _RIGHTS.get(version, 16)) - 1
    attributes = struct.pack("<Q", handled)
    if version >= 4:
        attributes += struct.pack("<Q", _BIND_CONNECT)
    if version >= 6:
        attributes += struct.pack("<Q", _SOCKETS_SIGNALS)
    rules = system.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        return all(_allow(system, rules, path) for path in paths) and system.syscall(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(system: ctypes.CDLL, rules: int, path: str) -> bool:
    """Let ``path`` be read; what does not exist need not be."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        rights = _READ_FILE | _READ_FOLDER if Path(path).is_dir() else _READ_FILE
        rule = struct.pack("<Qi", rights, place)
        return bool(system.syscall(_ADD, rules, _PATH_BENEATH, rule, 0) == 0)
    finally:
        os.close(place)
