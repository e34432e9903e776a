"""Content and findings -> facts; facts, standing and rulebook -> a decision; a decision -> words."""

from gateway.decide.bench import bench_of
from gateway.decide.cases import Failure, case_book, facts_of_case, failing_cases, run_case
from gateway.decide.deciding import decide
from gateway.decide.explaining import Explained, explain
from gateway.decide.languages import pick_language
from gateway.decide.measuring import Measured, measure
from gateway.decide.observing import observe
from gateway.decide.records import (
    decision_from_record,
    decision_record,
    facts_from_record,
    facts_record,
    standing_from_record,
    standing_record,
)
from gateway.decide.view import schema_of, view_of
from gateway.rulebook.book import Rulebook

__all__ = [
    "Explained",
    "Failure",
    "Measured",
    "case_book",
    "decide",
    "decision_from_record",
    "decision_record",
    "explain",
    "facts_from_record",
    "facts_of_case",
    "facts_record",
    "failing_cases",
    "measure",
    "observe",
    "pick_language",
    "prepare",
    "run_case",
    "schema_of",
    "standing_from_record",
    "standing_record",
]


def prepare(rulebook: Rulebook) -> None:
    """Compile the routes and policies of ``rulebook`` ahead of the first transfer."""
    view_of(rulebook)
    bench_of(rulebook)
