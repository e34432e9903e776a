"""The core of ``kouan check``: everything that can be known of the rules before traffic meets them.

Loading judges shape and sense; then every example of every recogniser and every case of every policy is tried on the
rulebook as a whole, since it is as a whole that it will judge.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from gateway.classify import failing_examples, prepare
from gateway.decide.cases import failing_cases
from gateway.decide.probing import barren, silent
from gateway.rulebook import load
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Faulty, Problem
from gateway.rulebook.kept import kept_for
from gateway.rulebook.remarks import Remark, warnings
from gateway.vocabulary import BEIJING


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. Problems: the rules cannot be used. Failures: they do not do what their own cases say."""

    problems: tuple[Problem, ...] = ()
    failures: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many there are of each kind of thing, and how many cases were tried."""
    digest: str = ""
    """Digest of the rulebook; "" where there is none."""

    @property
    def exit_code(self) -> int:
        """0 where the rules can be used and do what their cases say, else 1. Warnings do not count."""
        return 1 if self.problems or self.failures else 0

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return {
            "ok": self.exit_code == 0,
            "digest": self.digest,
            "counts": dict(self.counts),
            "problems": [
                {"file": p.file, "line": p.line, "column": p.column, "fault": p.fault, "fix": p.fix}
                for p in self.problems
            ],
            "failures": [{"source": remark.source, "said": remark.said} for remark in self.failures],
            "warnings": [{"source": remark.source, "said": remark.said} for remark in self.warnings],
        }

    def lines(self) -> tuple[str, ...]:
        """The report as lines of text, what must be mended first."""
        counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in self.counts.items())
        summary = [f"{counted}", f"digest {self.digest}"] if self.digest else []
        verdict = (
            f"{len(self.problems)} problems, {len(self.failures)} failures, {len(self.warnings)} warnings",
            "the rules hold" if self.exit_code == 0 else "the rules do NOT hold",
        )
        return (
            *(str(problem) for problem in self.problems),
            *(f"{remark} [case failed]" for remark in self.failures),
            *(f"{remark} [warning]" for remark in self.warnings),
            *summary,
            "; ".join(verdict),
        )


def check(root: Path, today: date | None = None, whitelist: Path | None = None) -> Report:
    """Check the rules below ``root``, with another ``whitelist``; ``today`` (in Beijing) is for what ends soon."""
    try:
        rulebook = load(root, whitelist)
        prepare(rulebook, kept_for(os.environ))
    except Faulty as faulty:
        return Report(problems=faulty.problems)
    return check_rulebook(rulebook, today or datetime.now(BEIJING).date())


def check_rulebook(rulebook: Rulebook, today: date) -> Report:
    """Try every example and case on a rulebook that loaded. No I/O."""
    counts = {
        "files": len(rulebook.files),
        "parties": len(rulebook.members),
        "bases": len(rulebook.bases),
        "entries": len(rulebook.entries),
        "categories": len(rulebook.categories),
        "policies": len(rulebook.policies),
        "recognisers": len(rulebook.recognisers),
        "recogniser_cases": sum(len(r.finds) + len(r.leaves) for r in rulebook.recognisers),
        "policy_cases": sum(len(policy.cases) for policy in rulebook.policies),
    }
    failures = [Remark(source, fault) for source, fault in failing_examples(rulebook)]
    failures += [
        Remark(failure.source, f"{failure.policy}, case '{failure.case}': {failure.fault}")
        for failure in failing_cases(rulebook)
    ]
    failures += [
        Remark(folder, "no case was tried, so nothing is known to work")
        for name, folder in (("recogniser_cases", "classifiers"), ("policy_cases", "policies"))
        if not counts[name]
    ]
    return Report(
        failures=tuple(failures),
        warnings=(*warnings(rulebook, today), *(Remark(*each) for each in _never(rulebook, today))),
        counts=counts,
        digest=rulebook.digest,
    )


def _never(rulebook: Rulebook, today: date) -> Iterator[tuple[str, str]]:
    """Yield what a rulebook holds in vain."""
    yield from barren(rulebook, datetime.combine(today, time(12), BEIJING))
    yield from silent(rulebook)
