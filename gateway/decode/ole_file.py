"""OLE storages (MS-CFB): the workbooks of old (XLS) by their cells, every other stream by the text that shows in it.

The libraries are native or lenient, so each is read in a process that can be killed. A stream that is taken apart by
nobody is opaque too, since text may stand in it in pieces.
"""

from __future__ import annotations

import io

from gateway.decode.columnar import add
from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.places import KEY, step
from gateway.decode.trees import Tree
from gateway.vocabulary import Limits, Unread

_BOOKS = frozenset({"Workbook", "Book"})
_INFORMATION = frozenset({"\x05SummaryInformation", "\x05DocumentSummaryInformation"})


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return properties, cells, and the text that shows in streams."""
    tree = Tree(limits)
    try:
        _storage(tree, data)
    except (Unreadable, MemoryError):
        raise
    except Exception as fault:  # whatever the libraries make of a broken file
        raise Unreadable(Unread.ENCRYPTED if "ncrypt" in str(fault) else Unread.MALFORMED, "ole") from None
    return tree.unpacked()


def _storage(tree: Tree, data: bytes) -> None:
    import olefile

    storage = olefile.OleFileIO(data)
    names = {"/".join(path) for path in storage.listdir()}
    if "EncryptedPackage" in names:
        raise Unreadable(Unread.ENCRYPTED, "ole")
    for key, value in vars(storage.get_metadata()).items():
        if value and key not in ("codepage", "thumbnail"):
            if isinstance(value, bytes):
                tree.octets(f"/~info/{key}", key, value)
            else:
                tree.row(f"/~info/{key}", key, str(value))
    if names & _BOOKS:
        _cells(tree, data)
    for name in sorted(names):
        tree.row(f"/{step(name)}{KEY}", "", name)
        stream = storage.openstream(name).read()
        # Of a workbook this shows what is no cell: comments, headers, names, lists of what may be entered.
        tree.prose(f"/{step(name)}/~stream", "", stream)
        if name not in _BOOKS | _INFORMATION:
            tree.unread(Unread.UNKNOWN_FORMAT, f"/{step(name)}", len(stream), "ole")


def _cells(tree: Tree, data: bytes) -> None:
    """Add the cells of all sheets; the first row labels those below it."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        tree.row(f"/{step(name)}{KEY}", "", name)
        table = book.get_sheet_by_name(name).to_python()
        heads = [str(cell) for cell in table[0]] if table else []
        for number, row in enumerate(table, 1):
            for column, value in enumerate(row):
                add(tree, f"/{step(name)}/{number}/{column + 1}", heads[column] if number > 1 else "", value)


DOCUMENT = Document("ole", unpack, apart=True)
