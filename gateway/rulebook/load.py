"""A folder of rule files -> one frozen Rulebook with a digest, or every problem of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from gateway.rulebook.book import Basis, Category, Instrument, Rulebook, Threshold
from gateway.rulebook.calendar import Calendar, read_calendar
from gateway.rulebook.datasets import FOLDER as DATASETS
from gateway.rulebook.datasets import Dataset, read_dataset
from gateway.rulebook.descriptors import FOLDER, SUFFIX, Descriptors, read_descriptors
from gateway.rulebook.document import Document, Faulty, Problem
from gateway.rulebook.instruments import read_law, read_thresholds
from gateway.rulebook.policies import read_policy
from gateway.rulebook.policy import Policy
from gateway.rulebook.recognisers import read_categories, read_recognisers
from gateway.rulebook.strict_yaml import parse
from gateway.rulebook.whitelist import Whitelist, read_whitelist

WHITELIST = "whitelist.yaml"
CATEGORIES = "classifiers/categories.yaml"
LAW = "policies/law/"
"""Law as data: not policies, and required, since without them no basis could be judged."""
INSTRUMENTS, THRESHOLDS, CALENDAR = f"{LAW}instruments.yaml", f"{LAW}thresholds.yaml", f"{LAW}calendar.yaml"


def load(root: Path, whitelist: Path | None = None) -> Rulebook:
    """Read ``whitelist.yaml``, ``policies/``, ``datasets/``, ``classifiers/`` and ``descriptors/`` in ``root``.

    Where ``whitelist`` names a file, it stands in the place of root's, and ``datasets/`` beside it in the place of
    root's: so the policies in the box judge the flows of another folder. Raises ``Faulty`` with every problem of every
    file, a missing file or an empty folder among them: with no rules, or with half of them, the house does not open.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name, path in sorted(_names(root, whitelist)):
        if not _is_rule(name):
            fix = (
                "rules end in .yaml, policies lie in policies/ or in a folder of it, datasets flat in theirs, sets of "
                "descriptors in descriptors/, and links to folders are not followed"
            )
            problems.append(Problem(name, 1, 1, "this would be passed over without a word", fix))
            continue
        try:
            files[name] = path.read_bytes()
        except OSError as error:
            fault = f"the file cannot be read ({error.strerror})"
            problems.append(Problem(name, 1, 1, fault, "let the gateway's user read it"))
    try:
        rulebook = from_files(files)
    except Faulty as faulty:
        raise Faulty([*problems, *faulty.problems]) from None
    if problems:
        raise Faulty(problems)
    return rulebook


def _is_rule(name: str) -> bool:
    folder, _, file = name.partition("/")
    if folder == FOLDER:
        return name.endswith(SUFFIX) and "/" not in file
    if name.startswith(LAW):
        return name in {INSTRUMENTS, THRESHOLDS, CALENDAR}
    if folder == "policies":
        return name.endswith(".yaml") and file.count("/") <= 1
    return name == WHITELIST or (name.endswith(".yaml") and (folder == "classifiers" or "/" not in file))


def _names(root: Path, whitelist: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield the names and paths of what is a rule file or may be taken for one; an editor's hidden files are not."""
    flows = whitelist.parent if whitelist else root
    own = whitelist or root / WHITELIST
    if own.exists():
        yield WHITELIST, own
    for above, folder in ((root, "policies"), (root, "classifiers"), (flows, DATASETS), (root, FOLDER)):
        for path in (above / folder).rglob("*"):
            name = path.relative_to(above)
            likely = path.suffix.lower() in {".yaml", ".yml", SUFFIX} or (path.is_symlink() and path.is_dir())
            if likely and not any(step.startswith(".") for step in name.parts):
                yield name.as_posix(), path


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256, hex, over names and bytes in order of name, each preceded by its length in eight bytes, big-endian.

    The lengths keep two sets of files apart that would otherwise run together into the same bytes.
    """
    state = hashlib.sha256()
    for name, data in sorted(files.items()):
        for field in (name.encode(), data):
            state.update(len(field).to_bytes(8, "big"))
            state.update(field)
    return state.hexdigest()


def from_files(files: Mapping[str, bytes]) -> Rulebook:
    """Build the rulebook that ``files`` (bytes by name relative to the root) make. Pure, so replay can use it.

    Raises ``Faulty`` with every problem of every file.
    """
    reading = _Reading(files)
    categories: Mapping[str, Category] = reading.one(CATEGORIES, "categories", read_categories) or {}
    descriptors = reading.descriptors()
    law = reading.one(INSTRUMENTS, "instruments", read_law)
    thresholds = reading.one(THRESHOLDS, "thresholds", read_thresholds)
    calendar = reading.one(CALENDAR, "calendar", read_calendar)
    datasets = reading.datasets(categories)
    all_read = None if len(datasets) < len(reading.below(DATASETS)) else datasets
    whitelist: Whitelist | None = reading.one(
        WHITELIST, "whitelist", lambda document: read_whitelist(document, categories, descriptors, law, all_read)
    )
    recogniser_files = [name for name in reading.below("classifiers") if name != CATEGORIES]
    reading.some(recogniser_files, "classifiers", "recogniser")
    documents = [document for name in recogniser_files if (document := reading.document(name, "recogniser"))]
    recognisers = reading.take(lambda: read_recognisers(documents, categories)) if categories else None
    policies = reading.policies(categories, law.instruments if law else {}, thresholds or {})
    if reading.problems or not (whitelist and law and thresholds and calendar) or recognisers is None:
        raise Faulty(reading.problems)
    return Rulebook(
        digest=digest(files),
        files=MappingProxyType(dict(sorted(files.items()))),
        categories=MappingProxyType(dict(categories)),
        members=MappingProxyType(dict(whitelist.members)),
        bases=MappingProxyType(with_filing_days(whitelist, law.instruments, calendar)),
        entries=MappingProxyType(dict(whitelist.entries)),
        policies=policies,
        datasets=MappingProxyType(datasets),
        recognisers=recognisers,
        contact=whitelist.contact,
        instruments=law.instruments,
        thresholds=thresholds,
        calendar=calendar,
    )


def with_filing_days(
    whitelist: Whitelist, instruments: Mapping[str, Instrument], calendar: Calendar
) -> dict[str, Basis]:
    """Return the bases, each with the last day for its filing where its instrument has one."""
    made: dict[str, Basis] = {}
    for name, basis in whitelist.bases.items():
        days = instruments[basis.kind].filing_days
        place = whitelist.members[basis.exporter].party.jurisdiction
        if days is not None and basis.effective is not None:
            basis = replace(basis, filing_due=calendar.working_days_after(basis.effective, days, place))
        made[name] = basis
    return made


class _Reading:
    """Files that are being read, and what was found wrong so far."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.problems: list[Problem] = []

    def take[T](self, read: Callable[[], T]) -> T | None:
        """Return what ``read`` returns, or None after noting its problems."""
        try:
            return read()
        except Faulty as faulty:
            self.problems.extend(faulty.problems)
            return None

    def document(self, name: str, schema: str) -> Document | None:
        """Parse one file."""
        return self.take(lambda: parse(name, self.files[name], schema))

    def one[T](self, name: str, schema: str, read: Callable[[Document], T]) -> T | None:
        """Read a file that must be there."""
        if name not in self.files:
            self.problems.append(
                Problem(name, 1, 1, "the file is missing", "write it: without it nothing is permitted")
            )
            return None
        document = self.document(name, schema)
        return None if document is None else self.take(lambda: read(document))

    def below(self, folder: str) -> list[str]:
        """Names of the files below ``folder``, in order."""
        return sorted(name for name in self.files if PurePosixPath(name).parts[0] == folder)

    def some(self, names: list[str], folder: str, what: str) -> None:
        """An empty folder must not open the house."""
        if not names:
            fault = f"there is no {what}: nothing would be seen or refused"
            self.problems.append(Problem(folder, 1, 1, fault, f"add at least one {what}"))

    def descriptors(self) -> dict[str, Descriptors]:
        """Read all sets of descriptors, by name."""
        read: dict[str, Descriptors] = {}
        for name in self.below(FOLDER):
            try:
                read[name] = read_descriptors(self.files[name])
            except ValueError as fault:
                fix = "write it with: protoc --include_imports --descriptor_set_out=NAME.binpb FILE.proto"
                self.problems.append(Problem(name, 1, 1, str(fault), fix))
        return read

    def policies(
        self,
        categories: Mapping[str, Category],
        instruments: Mapping[str, Instrument],
        thresholds: Mapping[str, Threshold],
    ) -> tuple[Policy, ...]:
        """Read all policies, in order of file; a policy bears the name of its file as its id, once in all folders."""
        names = [name for name in self.below("policies") if not name.startswith(LAW)]
        self.some(names, "policies", "policy")
        read: dict[str, Policy] = {}
        for name in names:
            document = self.document(name, "policy")
            if not (document and categories):
                continue
            policy = self.take(partial(read_policy, document, categories, instruments, thresholds))
            if policy is not None and policy.id in read:
                fault = f"the id '{policy.id}' is that of {read[policy.id].source}, too"
                self.problems.append(document.problem(("id",), fault, "give it another id, and the file with it"))
            elif policy is not None:
                read[policy.id] = policy
        return tuple(read.values())

    def datasets(self, categories: Mapping[str, Category]) -> dict[str, Dataset]:
        """Read all datasets, by id; there may be none."""
        read: dict[str, Dataset] = {}
        for name in self.below(DATASETS):
            document = self.document(name, "dataset")
            dataset = self.take(partial(read_dataset, document, categories)) if document and categories else None
            if dataset is not None:
                read[dataset.id] = dataset
        return read
