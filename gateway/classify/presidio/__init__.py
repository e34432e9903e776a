"""Presidio, both ways: its recognisers as guests here, and ours as recognisers there.

* ``recognisers_from_yaml`` reads presidio's own recogniser files; each recogniser in them becomes a guest.
* ``nlp_guest`` runs a spaCy, stanza or transformers model through presidio. What it says is at most POSSIBLE.
* ``presidio_recognisers`` hands all of ours to an ``AnalyzerEngine``.
* ``PresidioRecogniser`` is the door for one recogniser that somebody built by hand.

The only package that imports presidio_analyzer, which takes seconds and brings spaCy along: whoever imports this wants
it. Nothing here downloads: a model or a package that is not there is a ``PresidioFault`` with what to do about it.
"""

from gateway.classify.presidio.entities import PresidioFault
from gateway.classify.presidio.files import nlp_configuration, recognisers_from_yaml
from gateway.classify.presidio.guest import PresidioRecogniser
from gateway.classify.presidio.handed import entity_of, presidio_recognisers
from gateway.classify.presidio.models import NlpGuest, nlp_guest

__all__ = [
    "NlpGuest",
    "PresidioFault",
    "PresidioRecogniser",
    "entity_of",
    "nlp_configuration",
    "nlp_guest",
    "presidio_recognisers",
    "recognisers_from_yaml",
]
