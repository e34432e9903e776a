"""XML and SOAP as plain values, guided by a dataset: elements and attributes by its names and labels.

A list is an element that repeats, or one whose children all go by a label of its items. Namespaces are not looked at,
nor are prefixes; of the envelope of SOAP (1.1 section 4, 1.2 part 1 section 5) the one element in the body counts.
"""

from __future__ import annotations

from typing import Any

from gateway.decide.dataset.bodies import KEY, Repeating, unescaped
from gateway.decide.dataset.fields import Node, Plan
from gateway.decide.dataset.tally import Tally
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Part


class Element:
    """An element with all that stands in it."""

    __slots__ = ("asides", "attributes", "kids", "name", "texts")

    def __init__(self, name: str) -> None:
        """``name`` is without prefix."""
        self.name = name
        self.kids: list[Element] = []
        self.attributes: dict[str, list[str]] = {}
        """By the path of each: its name as it is written, and its value."""
        self.texts: list[str] = []
        self.asides = 0
        """Comments and instructions."""


def elements_of(part: Part) -> Element:
    """Return the document, whose child is the root element."""
    begin = len(part.where)
    document = Element("")
    known = {"": document}
    for segment in part.segments:
        path = segment.where[begin:]
        if path.endswith(KEY):
            path = path[: -len(KEY)]
            above, _, last = path.rpartition("/")
            parent = known.get(above, document)
            if last.startswith("@"):
                parent.attributes.setdefault(last, ["", ""])[0] = segment.text
            else:
                known[path] = element = Element(segment.text.rpartition(":")[2])
                parent.kids.append(element)
            continue
        above, _, last = path.rpartition("/")
        if last.startswith("@"):
            known.get(above, document).attributes.setdefault(last, ["", ""])[1] = segment.text
        elif last.startswith("~") and last[1:2] not in ("0", "1"):
            known.get(above, document).asides += 1
        elif not segment.text.isspace():
            known.get(path, document).texts.append(segment.text)
    return document


def xml_value(part: Part, plan: Plan, tally: Tally) -> Any:
    """Return the content of the document as ``plan`` would have it; count in ``tally`` what has no place there."""
    document = elements_of(part)
    _asides(document, "", tally)
    roots = document.kids
    if len(roots) == 1 and roots[0].name == "Envelope" and "envelope" not in plan.root_names:
        roots = _unwrapped(roots[0], tally)
    if len(roots) != 1:
        for extra in roots[1:]:
            tally.undeclared("", extra.name)
        if not roots:
            return None
    if fold_label(roots[0].name) not in plan.root_names:
        tally.undeclared("", roots[0].name)
    root = _Reader(tally)
    if plan.root.items is not None:
        return root.items(roots[0], plan.root.items)
    return root.value(roots[0], plan.root)


def _unwrapped(envelope: Element, tally: Tally) -> list[Element]:
    _asides(envelope, "", tally)
    _foreign(envelope, "", tally)
    inside: list[Element] = []
    for kid in envelope.kids:
        if kid.name == "Body":
            _asides(kid, "", tally)
            _foreign(kid, "", tally)
            inside += kid.kids
        elif kid.kids or kid.texts or kid.asides or kid.name != "Header":
            tally.undeclared("", kid.name)
    return inside


def _asides(element: Element, path: str, tally: Tally) -> None:
    for _ in range(element.asides):
        tally.undeclared(path, "~comment")


def _foreign(element: Element, path: str, tally: Tally) -> None:
    """Count the attributes of an element that has none, and its texts."""
    for written, _ in element.attributes.values():
        if not _is_namespace(written):
            tally.undeclared(path, f"@{written}")
    for _ in element.texts:
        tally.undeclared(path, "~text")


def _is_namespace(written: str) -> bool:
    return written == "xmlns" or written.startswith("xmlns:")


class _Reader:
    """Turns elements into values."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._folded: dict[str, str] = {}

    def _fold(self, name: str) -> str:
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = fold_label(name)
        return folded

    def value(self, element: Element, node: Node) -> Any:
        if _is_nil(element) and not element.kids and not element.texts:
            return None
        if node.leaf:
            return self._leaf(element, node)
        if node.items is not None:
            return self.items(element, node.items)
        _asides(element, node.path, self._tally)
        for _ in element.texts:
            self._tally.undeclared(node.path, "~text")
        found = Repeating()
        for written, text in element.attributes.values():
            if _is_namespace(written) or _says_nil(written):
                continue
            local = written.rpartition(":")[2]
            name = f"@{local}" if f"@{local}" in node.kids else node.names.get(self._fold(local), "")
            kid = node.kids.get(name)
            if kid is None or not kid.leaf:
                self._tally.undeclared(node.path, f"@{local}")
            elif text and not text.isspace():
                found.add(name, text)
        for child in element.kids:
            self._child(child, node, found)
        return found

    def _child(self, child: Element, node: Node, found: Repeating) -> None:
        name = node.names.get(self._fold(child.name))
        kid = node.kids.get(name) if name is not None else None
        if name is None or kid is None:
            self._tally.undeclared(node.path, child.name)
        elif kid.items is not None:
            found.setdefault(name, []).extend(self.items(child, kid.items))
        else:
            value = self.value(child, kid)
            if value != "":
                found.add(name, value)

    def items(self, element: Element, node: Node) -> list[Any]:
        """Return what stands in an element that is a list, or one item of a list."""
        labels = {fold_label(label) for label in node.field.labels}
        if element.kids and all(self._fold(kid.name) in labels for kid in element.kids):
            _foreign(element, node.path, self._tally)
            _asides(element, node.path, self._tally)
            return [self.value(kid, node) for kid in element.kids]
        if not element.kids and not element.texts and not element.attributes and labels:
            return []
        return [self.value(element, node)]

    def _leaf(self, element: Element, node: Node) -> str:
        _asides(element, node.path, self._tally)
        for kid in element.kids:
            self._tally.undeclared(node.path, kid.name)
        for written, _ in element.attributes.values():
            if not _is_namespace(written) and not _says_nil(written):
                self._tally.undeclared(node.path, f"@{unescaped(written)}")
        return "".join(element.texts)


def _says_nil(written: str) -> bool:
    return written == "xsi:nil"


def _is_nil(element: Element) -> bool:
    return any(_says_nil(written) and text in ("true", "1") for written, text in element.attributes.values())
