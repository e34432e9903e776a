"""7z archives, read in a process of their own; members, and their names."""

from __future__ import annotations

import io

from gateway.decode.door import Declared, Document, Member, Unpacked, Unreadable
from gateway.vocabulary import Limits, Unread


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return every file as a member, within the limits."""
    import py7zr
    from py7zr.io import BytesIOFactory

    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            if archive.needs_password():
                raise Unreadable(Unread.ENCRYPTED, "7z")
            listed = archive.list()
            if len(listed) > limits.members:
                raise Unreadable(Unread.TOO_MANY, "members")
            size = sum(each.uncompressed for each in listed)
            if size > limits.body:
                raise Unreadable(Unread.TOO_LARGE, "unpacked")
            if size > max(65536, limits.ratio * len(data)):
                raise Unreadable(Unread.RATIO, "ratio")
            factory = BytesIOFactory(limits.body)
            archive.extractall(factory=factory)
            bodies = {name: made.read() for name, made in factory.products.items()}
    except (Unreadable, MemoryError):
        raise
    except py7zr.exceptions.PasswordRequired:
        raise Unreadable(Unread.ENCRYPTED, "7z") from None
    except Exception as fault:
        raise Unreadable(Unread.MALFORMED, "7z") from fault
    return Unpacked((), tuple(Member(each.filename, bodies.get(each.filename, b"")) for each in listed))


DOCUMENT = Document("7z", unpack, apart=True)
