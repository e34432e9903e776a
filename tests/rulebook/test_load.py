"""A folder of rule files becomes one Rulebook with a digest, or everything that is wrong with it is told at once."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rulebook import digest, from_files, load
from gateway.rulebook.document import Faulty
from gateway.rulebook.load import CALENDAR, INSTRUMENTS, THRESHOLDS
from tests.rulebook.sound import ROOT, SOUND

POLICY = """\
# yaml-language-server: $schema=../gateway/rulebook/schemas/policy.json
id: unreadable
because: {en: What cannot be read, zh-Hans: 不可读, zh-Hant: 不可讀, pt: Ilegível}
cite: House rule
when: {unreadable: any}
then: deny
remedy: {en: Send it in the clear, zh-Hans: 请明文发送, zh-Hant: 請明文發送, pt: Envie sem cifra}
cases:
  - {title: An encrypted part, given: {unreadable: [encrypted]}, expect: deny, speaks: true}
  - {title: Nothing of the kind, given: {}, expect: permit, speaks: false}
"""
RECOGNISER = "classifiers/intl/email.yaml"
CATEGORIES = "classifiers/categories.yaml"
FILES: Mapping[str, bytes] = {
    "whitelist.yaml": SOUND.encode(),
    "policies/unreadable.yaml": POLICY.encode(),
    CATEGORIES: (ROOT / CATEGORIES).read_bytes(),
    RECOGNISER: (ROOT / RECOGNISER).read_bytes(),
    **{name: (ROOT / name).read_bytes() for name in (INSTRUMENTS, THRESHOLDS, CALENDAR)},
}


def told(files: Mapping[str, bytes]) -> list[str]:
    """Files and faults of the problems of these files."""
    with pytest.raises(Faulty) as caught:
        from_files(files)
    return [f"{problem.file}: {problem.fault}" for problem in caught.value.problems]


def without(name: str) -> dict[str, bytes]:
    """The files, one left out."""
    return {key: data for key, data in FILES.items() if key != name}


def write(root: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """Write the files below ``root``."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def test_files_make_a_rulebook() -> None:
    """Sound files are a rulebook that holds what they say and keeps their bytes."""
    rulebook = from_files(FILES)
    assert sorted(rulebook.entries) == ["applications"]
    assert [policy.id for policy in rulebook.policies] == ["unreadable"]
    assert [recogniser.category for recogniser in rulebook.recognisers] == ["pi.contact.email"]
    assert rulebook.contact == "Data office"
    assert dict(rulebook.files) == dict(FILES)
    assert rulebook.digest == digest(FILES)


@pytest.mark.parametrize(
    ("missing", "fault"),
    [
        ("whitelist.yaml", "whitelist.yaml: the file is missing"),
        (CATEGORIES, f"{CATEGORIES}: the file is missing"),
        (INSTRUMENTS, f"{INSTRUMENTS}: the file is missing"),
        (THRESHOLDS, f"{THRESHOLDS}: the file is missing"),
        (CALENDAR, f"{CALENDAR}: the file is missing"),
        ("policies/unreadable.yaml", "policies: there is no policy: nothing would be seen or refused"),
        (RECOGNISER, "classifiers: there is no recogniser: nothing would be seen or refused"),
    ],
)
def test_an_empty_rulebook_does_not_open_the_house(missing: str, fault: str) -> None:
    """Without whitelist, taxonomy, policies or recognisers there is no rulebook."""
    assert told(without(missing)) == [fault]


def test_tells_the_problems_of_all_files_at_once() -> None:
    """One run names what is wrong in every file."""
    files = {name: data.replace(b"zh-Hant", b"zh-Hnat", 1) for name, data in FILES.items()}
    with pytest.raises(Faulty) as caught:
        from_files(files)
    assert {problem.file for problem in caught.value.problems} == set(FILES) - {THRESHOLDS, CALENDAR}


def test_load_reads_what_is_there(tmp_path: Path) -> None:
    """Loading a folder and building from its bytes come to the same digest; hidden files do not count."""
    write(tmp_path, {**FILES, "policies/.unreadable.yaml": b"an editor's", "README.yaml": b"no rule"})
    assert load(tmp_path).digest == digest(FILES)


@pytest.mark.parametrize(
    "name", ["policies/new.yml", "policies/sub/sub/new.yaml", "policies/law/new.yaml", "classifiers/NEW.YAML"]
)
def test_a_file_that_would_be_passed_over_is_told(tmp_path: Path, name: str) -> None:
    """A rule that its writer believes in force must not be ignored for its name."""
    with pytest.raises(Faulty) as caught:
        load(write(tmp_path, {**FILES, name: b""}))
    assert [problem.file for problem in caught.value.problems] == [name]


def test_policies_may_lie_in_folders_but_share_no_id(tmp_path: Path) -> None:
    """A folder is a pack; a reason names a policy by its id alone, so one id is one policy."""
    inner = {"policies/pack/unreadable.yaml": FILES["policies/unreadable.yaml"]}
    only = {name: data for name, data in FILES.items() if name != "policies/unreadable.yaml"}
    assert [policy.id for policy in load(write(tmp_path / "one", {**only, **inner})).policies] == ["unreadable"]
    with pytest.raises(Faulty) as caught:
        load(write(tmp_path / "two", {**FILES, **inner}))
    assert [problem.fault for problem in caught.value.problems] == [
        "the id 'unreadable' is that of policies/pack/unreadable.yaml:2, too"
    ]


def test_a_linked_folder_is_told(tmp_path: Path) -> None:
    """Links to folders are not followed, so one among the rules is a problem rather than a hole."""
    write(tmp_path)
    (tmp_path / "classifiers" / "more").symlink_to(tmp_path / "policies")
    with pytest.raises(Faulty) as caught:
        load(tmp_path)
    assert [problem.file for problem in caught.value.problems] == ["classifiers/more"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """What bears the name of a rule file and cannot be read closes the house."""
    write(tmp_path)
    (tmp_path / "policies" / "folder.yaml").mkdir()
    with pytest.raises(Faulty, match="cannot be read"):
        load(tmp_path)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    """Pointing the gateway at the wrong folder tells what was looked for."""
    with pytest.raises(Faulty) as caught:
        load(tmp_path)
    assert {problem.file for problem in caught.value.problems} >= {"whitelist.yaml", "policies", "classifiers"}


@given(st.sampled_from(sorted(FILES)), st.integers(0), st.integers(1, 255))
def test_any_byte_changes_the_digest(name: str, at: int, change: int) -> None:
    """A change of one byte in one file is another rulebook."""
    data = bytearray(FILES[name])
    data[at % len(data)] ^= change
    assert digest({**FILES, name: bytes(data)}) != digest(FILES)


@given(st.sampled_from(sorted(FILES)))
def test_a_name_changes_the_digest(name: str) -> None:
    """The same bytes under another name are another rulebook."""
    assert digest({**without(name), f"{name}x": FILES[name]}) != digest(FILES)


@given(st.permutations(sorted(FILES)))
def test_order_does_not_change_the_digest(order: list[str]) -> None:
    """In which order files were read is nobody's matter."""
    assert digest({name: FILES[name] for name in order}) == digest(FILES)


@given(
    st.dictionaries(st.text("ab", max_size=3), st.binary(max_size=3), max_size=3),
    st.dictionaries(st.text("ab", max_size=3), st.binary(max_size=3), max_size=3),
)
def test_different_files_have_different_digests(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    """Names and bytes never run together: equal digests mean equal files."""
    assert (digest(one) == digest(other)) == (one == other)
