"""The guests that an operator configures, built once at the start: recogniser files of presidio, and a language model.

Presidio, which takes seconds to load and brings spaCy along, is imported only where one of the two is configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.classify.looking import Guest
from gateway.rulebook.book import Rulebook


def configured_guests(
    files: str, categories: Mapping[str, str], nlp: Path | None, rulebook: Rulebook
) -> tuple[Guest, ...]:
    """Build the guests that the settings name; () for none.

    ``files`` are paths with colons between, ``categories`` maps their entities to categories of ``rulebook`` ("" leaves
    one out), ``nlp`` is an NLP configuration file of presidio. Reads files; downloads nothing. Raises ValueError, whose
    message names the file and what to do.
    """
    paths = [path for path in files.split(":") if path]
    if not paths and nlp is None:
        return ()
    from gateway.classify.presidio import nlp_configuration, nlp_guest, recognisers_from_yaml

    guests: list[Guest] = []
    for path in paths:
        guests += recognisers_from_yaml(path, rulebook, categories)
    if nlp is not None:
        guests.append(nlp_guest(nlp_configuration(nlp), rulebook, categories))
    return tuple(guests)
