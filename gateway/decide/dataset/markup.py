"""XML and SOAP as plain values, guided by a dataset: elements and attributes by its names and labels.

A list is an element that repeats, or one whose children all go by a label of its items. A namespace is one of a known
list (Namespaces in XML 1.0, section 3), and what its prefix is called carries no meaning; nor does the spelling of a
name, which is the same throughout. Of the envelope of SOAP (1.1 section 4, 1.2 part 1 section 5) the one element in the
body counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.decide.dataset.bodies import KEY, LONGEST_BLANK, Repeating
from gateway.decide.dataset.fields import Node, Plan
from gateway.decide.dataset.tally import Tally
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Part

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,4}")
_SOAP = frozenset({"s", "soap", "soap12", "soapenv", "soap-env", "env"})
_USUAL: Mapping[str, frozenset[str]] = {
    "http://www.w3.org/2001/XMLSchema-instance": frozenset({"xsi"}),
    "http://www.w3.org/2001/XMLSchema": frozenset({"xsd", "xs"}),
    "http://schemas.xmlsoap.org/soap/envelope/": _SOAP,
    "http://www.w3.org/2003/05/soap-envelope": _SOAP,
}
"""Namespaces that any document may declare, and the prefixes by which they go."""


class Element:
    """An element with all that stands in it."""

    __slots__ = ("asides", "attributes", "kids", "name", "prefix", "texts")

    def __init__(self, written: str) -> None:
        """``written`` is its name, with a prefix where it has one."""
        self.prefix, _, self.name = written.rpartition(":")
        self.kids: list[Element] = []
        self.attributes: list[tuple[str, str]] = []
        """Name as it is written, and value."""
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
                parent.attributes.append((segment.text, ""))
            else:
                known[path] = element = Element(segment.text)
                parent.kids.append(element)
            continue
        above, _, last = path.rpartition("/")
        if last.startswith("@"):
            attributes = known.get(above, document).attributes
            attributes.append((attributes.pop()[0] if attributes else "", segment.text))  # its name stood before it
        elif last.startswith("~") and last[1:2] not in ("0", "1"):
            known.get(above, document).asides += 1
        elif not segment.text.isspace():
            known.get(path, document).texts.append(segment.text)
    return document


def xml_value(part: Part, plan: Plan, tally: Tally) -> Any:
    """Return the content of the document as ``plan`` would have it; count in ``tally`` what has no place there."""
    document = elements_of(part)
    _asides(document, "", tally)
    _Spaces(plan.dataset.namespaces, tally).judge(document, frozenset({"", "xml", "xsi"}))
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
    known = {"Header", "Body"}
    for kid in envelope.kids:
        _asides(kid, "", tally)
        _foreign(kid, "", tally)
        if kid.name not in known or (kid.name == "Header" and kid.kids):
            tally.undeclared("", kid.name)
        known.discard(kid.name)
        inside += kid.kids if kid.name == "Body" else ()
    return inside


def _asides(element: Element, path: str, tally: Tally) -> None:
    for _ in range(element.asides):
        tally.undeclared(path, "~comment")


def _foreign(element: Element, path: str, tally: Tally) -> None:
    """Count the attributes of an element that has none, and its texts."""
    for written, _ in element.attributes:
        if not _is_namespace(written):
            tally.undeclared(path, f"@{written}")
    for _ in element.texts:
        tally.undeclared(path, "~text")


def _is_namespace(written: str) -> bool:
    return written == "xmlns" or written.startswith("xmlns:")


class _Spaces:
    """Judges what namespaces are declared, and by which prefixes: each is declared once over, and used as declared."""

    def __init__(self, listed: frozenset[str], tally: Tally) -> None:
        self._listed = listed
        self._tally = tally
        self._bound: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}

    def judge(self, element: Element, prefixes: frozenset[str]) -> None:
        """Judge an element and all below it, in which ``prefixes`` are declared."""
        for written, space in element.attributes:
            if _is_namespace(written):
                prefix = written.partition(":")[2]
                if not self._is_known(prefix, space):
                    self._tally.undeclared("", f"@{written}")
                prefixes |= {prefix}
        used = [element.prefix, *(each.rpartition(":")[0] for each, _ in element.attributes if not _is_namespace(each))]
        for prefix in used:
            if prefix not in prefixes:
                self._tally.undeclared("", prefix)
        for kid in element.kids:
            self.judge(kid, prefixes)

    def _is_known(self, prefix: str, space: str) -> bool:
        if not prefix and not space:
            return True  # no default namespace from here on
        usual = _USUAL.get(space)
        if usual is None and space not in self._listed:
            return False
        if prefix and not (_PREFIX.fullmatch(prefix) if usual is None else prefix.lower() in usual):
            return False
        if self._bound.setdefault(prefix, space) != space:
            return False
        return not prefix or self._prefixes.setdefault(space, prefix) == prefix


class _Reader:
    """Turns elements into values."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._folded: dict[str, str] = {}
        self._spelt: dict[str, tuple[str, str]] = {}

    def _fold(self, name: str) -> str:
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = fold_label(name)
        return folded

    def value(self, element: Element, node: Node) -> Any:
        if _is_nil(element) and not element.kids and not element.texts:
            _asides(element, node.path, self._tally)
            self._attributes(element, node)
            return None
        if node.leaf:
            return self._leaf(element, node)
        if node.items is not None:
            return self.items(element, node.items)
        _asides(element, node.path, self._tally)
        for _ in element.texts:
            self._tally.undeclared(node.path, "~text")
        found = Repeating()
        for written, text in element.attributes:
            if _is_namespace(written) or _is_truth(written, text):
                continue
            local = written.rpartition(":")[2]
            name = f"@{local}" if f"@{local}" in node.kids else node.names.get(self._fold(local), "")
            kid = node.kids.get(name)
            if kid is None or not kid.leaf:
                self._tally.undeclared(node.path, f"@{local}")
            elif text.strip() or len(text) > LONGEST_BLANK:
                found.add(name, text)
        for child in element.kids:
            self._child(child, node, found)
        return found

    def _child(self, child: Element, node: Node, found: Repeating) -> None:
        name = node.names.get(self._fold(child.name))
        kid = node.kids.get(name) if name is not None else None
        if name is None or kid is None or not self._is_spelt(child, kid):
            self._tally.undeclared(node.path, child.name)
        elif kid.items is not None:
            found.setdefault(name, []).extend(self.items(child, kid.items))
        else:
            value = self.value(child, kid)
            if value != "":
                found.add(name, value)

    def _is_spelt(self, element: Element, node: Node) -> bool:
        """Tell whether an element is written like those of its field before it.

        Capitals, hyphens and prefixes that change from one record to the next say something.
        """
        spelt = element.prefix, element.name
        return self._spelt.setdefault(node.path, spelt) == spelt

    def items(self, element: Element, node: Node) -> list[Any]:
        """Return what stands in an element that is a list, or one item of a list."""
        labels = {fold_label(label) for label in node.field.labels}
        bare = all(_is_namespace(written) for written, _ in element.attributes)
        if element.kids and all(self._fold(kid.name) in labels for kid in element.kids):
            _foreign(element, node.path, self._tally)
            _asides(element, node.path, self._tally)
            for kid in element.kids:
                if not self._is_spelt(kid, node):
                    self._tally.undeclared(node.path, kid.name)
            return [self.value(kid, node) for kid in element.kids]
        if not element.kids and not element.texts and bare and labels:
            _asides(element, node.path, self._tally)
            return []
        return [self.value(element, node)]

    def _leaf(self, element: Element, node: Node) -> str:
        _asides(element, node.path, self._tally)
        for kid in element.kids:
            self._tally.undeclared(node.path, kid.name)
        self._attributes(element, node)
        return "".join(element.texts)

    def _attributes(self, element: Element, node: Node) -> None:
        """Count the attributes of an element that has none but ``xsi:nil``."""
        for written, text in element.attributes:
            if not _is_namespace(written) and not _is_truth(written, text):
                self._tally.undeclared(node.path, f"@{written}")


def _is_truth(written: str, text: str) -> bool:
    """Tell whether an attribute says that an element is nil, or that it is not (XML Schema part 1, section 2.6.2)."""
    return written == "xsi:nil" and text in ("true", "false", "1", "0")


def _is_nil(element: Element) -> bool:
    return any(written == "xsi:nil" and text in ("true", "1") for written, text in element.attributes)
