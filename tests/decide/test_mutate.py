"""Mutation: nothing stands in a condition of the box that no case needs."""

from dataclasses import replace

from tests.decide.mutate import alive, changed, mutants, settings, survivors
from tests.decide.rules import documents, policies


def test_no_mutant_survives() -> None:
    """Each condition taken away or turned round, and each figure one more or less, fails a case of its policy."""
    left, count = survivors()
    assert [f"{mutant.source}: {mutant.change}" for mutant in left] == []
    assert count > 4 * len(policies())


def test_a_mutant_that_no_case_needs_is_told() -> None:
    """With one case fewer a mutant lives, and its line is named."""
    document, policy = next(pair for pair in zip(documents(), policies(), strict=True) if pair[1].id == "wire-oddities")
    silent = replace(policy, cases=tuple(case for case in policy.cases if case.speaks))
    seen = settings(silent)
    left = [mutant for mutant in mutants(document, silent) if alive(mutant.policy, seen)]
    assert [(mutant.source, mutant.change) for mutant in left] == [
        (document.source("when", "noticed"), "without 'noticed'")
    ]


def test_every_part_of_a_condition_is_changed() -> None:
    """Facts, values of a list, figures, what is asked of findings, members of groups and groups within groups."""
    condition = {
        "leg": ["request", "response"],
        "individuals": {"at_least": 5},
        "finding": {"of": ["pi.name"], "grade": "personal"},
        "any": [{"size": 1}, {"none": [{"hour": {"at_least": 1, "at_most": 2}}]}],
    }
    made = [(path, change) for path, change, _ in changed(condition, ())]
    assert len(made) == len(set(made)) == 30
    assert {path for path, _ in made} >= {
        ("leg", 0),
        ("individuals", "at_least"),
        ("finding", "grade"),
        ("any", 1, "none", 0, "hour", "at_most"),
    }
