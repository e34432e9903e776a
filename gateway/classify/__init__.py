"""Segments -> findings: what personal, sensitive and important data a message holds, where, and how surely.

``certainty`` states the rules by which a finding is POSSIBLE, LIKELY or CERTAIN.
"""

from gateway.classify.examples import failing_examples
from gateway.classify.individuals import individuals
from gateway.classify.looking import Guest, Sight, classify, prepare

__all__ = ["Guest", "Individuals", "Sight", "classify", "failing_examples", "individuals", "prepare"]
