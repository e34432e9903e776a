"""A rulebook as facts are seen through it: prepared once."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from gateway.decide.places import Places
from gateway.decide.routes import Routes
from gateway.rulebook.book import Rulebook
from gateway.vocabulary import Transfer


class View:
    """A rulebook as ``observe`` looks at it."""

    __slots__ = ("categories", "places", "routes")

    def __init__(self, rulebook: Rulebook) -> None:
        """Prepare ``rulebook``."""
        self.routes = Routes(rulebook)
        self.places = Places(rulebook)
        self.categories = rulebook.categories


_VIEWS: WeakKeyDictionary[Rulebook, View] = WeakKeyDictionary()


def view_of(rulebook: Rulebook) -> View:
    """Return what was prepared of a rulebook; prepared once for each Rulebook."""
    view = _VIEWS.get(rulebook)
    if view is None:
        view = _VIEWS[rulebook] = View(rulebook)
    return view


def schema_of(transfer: Transfer, rulebook: Rulebook) -> tuple[bytes, str] | None:
    """Return the set of descriptors and the message by which the Protocol Buffers of a transfer are to be read."""
    return view_of(rulebook).routes.schema(transfer)
