"""Strict YAML: a file is either read as a reviewer reads it, or refused with the place, the fault and the fix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rulebook.strict_yaml import LARGEST, Faulty, parse
from tests.rulebook.broken import Broken, apply, assert_told, broken

NAME = "classifiers/categories.yaml"
SOUND = """\
# yaml-language-server: $schema=../gateway/rulebook/schemas/categories.json
# A category for the tests.
categories:
  pi.name:
    grade: personal
    title:
      en: Name
      zh-Hans: 姓名
      zh-Hant: 姓名
      pt: Nome
    statute: PIPL art. 4
    secret: false
    lists: [strict, macao]
"""

WAYS = [
    broken(
        "an unknown key",
        "    statute:",
        "    §statutes: x\n    statute:",
        "'statutes' is not known here",
        "known here:",
    ),
    broken("a mistyped key is told once, with what was meant", "statute:", "§statue:", "did you mean 'statute'?"),
    broken(
        "a missing key", "    grade: personal\n    title:", "    §title:", "'pi.name' lacks 'grade'", "add 'grade:'"
    ),
    broken("a key twice", "    secret: false", "    secret: false\n    §secret: false", "twice, first on line 12"),
    broken("a key of another form", "  pi.name:", "  §Pi.Name:", "the key 'Pi.Name' is not of the form"),
    broken("a number for text", "PIPL art. 4", "§4", "the number 4, but must be text", "quote it"),
    broken("text for true or false", "secret: false", 'secret: §"false"', "must be true or false"),
    broken("text for a list", "[strict, macao]", "§strict", "must be a list", "write [strict]"),
    broken("nothing for a list", " [strict, macao]", " §null", "is empty, but must be a list"),
    broken("a word that is none of the words", "personal", "§persnal", "expected one of", "did you mean 'personal'?"),
    broken("an item twice", "[strict, macao]", "§[macao, macao]", "twice"),
    broken("an empty text", "PIPL art. 4", '§""', "at least 1 character"),
    broken("yes for true", "false", "§yes", "'yes' is true or false in YAML 1.1", "quote it"),
    broken("no, as Norway knows", "PIPL art. 4", "§no", "'no' is true or false in YAML 1.1", "quote it"),
    broken("on and off", "PIPL art. 4", "§Off", "quote it"),
    broken("a leading zero", "PIPL art. 4", "§0755", "leading zero", "quote it"),
    broken("a time of day", "PIPL art. 4", "§12:30:00", "base 60", "quote it"),
    broken("a hexadecimal number", "PIPL art. 4", "§0x1F", "hexadecimal", "quote it"),
    broken("an octal number of YAML 1.2", "PIPL art. 4", "§0o17", "octal", "quote it"),
    broken("a binary number", "PIPL art. 4", "§0b101", "binary", "quote it"),
    broken("underscores in a number", "PIPL art. 4", "§1_000", "YAML 1.1 only", "quote it"),
    broken("a fraction", "PIPL art. 4", "§1.10", "may lose digits", "quote it"),
    broken("an exponent", "PIPL art. 4", "§1e3", "may lose digits", "quote it"),
    broken("an identifier that looks like a number", "PIPL art. 4", "§440105199003071016", "longer", "quote it"),
    broken("a number that is none", "PIPL art. 4", "§.nan", "quote it"),
    broken("another null", "PIPL art. 4", "§~", "spellings of null", "quote it"),
    broken("a trap for a key", "    secret: false", "    §on: false", "'on' is true or false"),
    broken("an anchor", "PIPL art. 4", "§&law PIPL art. 4", "'&law' is an anchor"),
    broken("a tag", "PIPL art. 4", "§!!str 4", "is a tag"),
    broken("a tag that would run code", "PIPL art. 4", "§!!python/name:os.system x", "is a tag"),
    broken("an alias", "PIPL art. 4", "§*law", "'*law' is an alias"),
    broken("a merge key", "    secret: false", "    §<<: {secret: false}", "merge key", "write each key out"),
    broken("a list for a key", "    secret: false", "    ? §[a]\n    : b", "cannot be a key"),
    broken("a number for a key", "    secret: false", "    §7: false", "the key '7' is not text", "quote it"),
    broken("a tab", "    secret: false", "§\tsecret: false", "a tab stands where", "spaces"),
    broken("an indentation that does not hold", "    secret: false", "      secret§: false", "this is not YAML"),
    broken("an open bracket", "[strict, macao]\n", "[strict, macao\n§", "this is not YAML"),
    broken("a second document", "    secret: false", "§---\nsecret: false", "second document"),
    broken("a directive", "categories:\n", "§%YAML 1.1\n---\ncategories:\n", "a directive"),
    broken("an invisible direction mark", "PIPL art. 4", "PIPL §\u202eart. 4", "U+202E", '"\\u202e"'),
    broken("a control character", "PIPL art. 4", "PIPL §\x07art. 4", "U+0007"),
    broken("a list for the whole", "categories:\n  pi.name:", "§- categories:\n  - pi.name:", "must be a mapping"),
    broken(
        "a first line without schema",
        "# yaml-language-server: $schema=../gateway",
        "§# gateway",
        "first line",
        "../gate",
    ),
    broken(
        "the schema of another kind",
        "# yaml-language-server: $schema=../gateway/rulebook/schemas/categories.json",
        "§# yaml-language-server: $schema=../gateway/rulebook/schemas/policy.json",
        "policy.json",
        "categories.json",
    ),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.sentence)
def test_tells_place_fault_and_fix(way: Broken) -> None:
    """Each way of being broken is told once, at its place, with what to do."""
    text, place = apply(SOUND, way)
    with pytest.raises(Faulty) as caught:
        parse(NAME, text.encode(), "categories")
    assert len(caught.value.problems) == 1
    assert_told(caught.value.problems, way, place)


def test_reads_what_is_sound() -> None:
    """A sound file becomes plain data whose nodes know their places."""
    document = parse(NAME, SOUND.encode(), "categories")
    assert document.data["categories"]["pi.name"]["secret"] is False
    assert document.data["categories"]["pi.name"]["lists"] == ["strict", "macao"]
    assert document.place("categories", "pi.name", "lists", 1) == (13, 21)
    assert document.place("categories", "pi.name", "absent") == (5, 5)
    assert document.source("categories", "pi.name", "statute") == f"{NAME}:11"


def test_reads_windows_line_ends() -> None:
    """CRLF is what some editors write; lines and columns stay the same."""
    text = SOUND.replace("personal", "persnal").replace("\n", "\r\n")
    with pytest.raises(Faulty) as caught:
        parse(NAME, text.encode(), "categories")
    assert [(p.line, p.column) for p in caught.value.problems] == [(5, 12)]


def test_tells_everything_at_once() -> None:
    """An officer mends all faults in one go: traps, duplicates and misfits come together, in order of place."""
    text = SOUND.replace("personal", "persnal").replace("false", "no\n    secret: false").replace("Nome", "0755")
    with pytest.raises(Faulty) as caught:
        parse(NAME, text.encode(), "categories")
    assert [problem.line for problem in caught.value.problems] == [5, 10, 12, 13]
    assert str(caught.value.problems[0]).startswith(f"{NAME}:5:12: 'grade' is the text 'persnal', expected one of: ")


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"\xef\xbb\xbf" + SOUND.encode(), 1, 1, "byte order mark"),
        (SOUND.encode("utf-16"), 1, 1, "byte order mark"),
        (SOUND.encode("gb18030"), 8, 16, "not UTF-8"),
        (SOUND.encode() + b"#" * LARGEST, 1, 1, "split it"),
        (SOUND.split("categories:")[0].encode(), 1, 1, "the file is empty"),
        (SOUND.split("categories:")[0].encode() + b"x: " + b"[" * 40, 3, 35, "levels deep"),
    ],
    ids=["byte order mark", "UTF-16", "GB 18030", "over 1 MB", "empty", "too deep"],
)
def test_refuses_what_is_no_rule_file(data: bytes, line: int, column: int, words: str) -> None:
    """Bytes that cannot be a rule file are refused before anything is made of them."""
    with pytest.raises(Faulty) as caught:
        parse(NAME, data, "categories")
    assert [(p.line, p.column) for p in caught.value.problems] == [(line, column)]
    assert words in str(caught.value)


@given(st.text(max_size=200))
def test_never_fails_otherwise(text: str) -> None:
    """Whatever is written, the answer is a document or a list of problems."""
    head = SOUND.split("categories:")[0]
    with pytest.raises(Faulty) as caught:
        parse(NAME, (head + text).encode("utf-8", "surrogatepass"), "categories")
    assert caught.value.problems


@given(st.integers(0, len(SOUND) - 1), st.sampled_from(list("\t:{}[]&*!|>%@`#'\",-? \n~0y")))
def test_a_stray_character_is_read_or_told(at: int, stray: str) -> None:
    """One stray character anywhere gives a document or problems whose places lie within the file."""
    text = SOUND[:at] + stray + SOUND[at:]
    try:
        parse(NAME, text.encode(), "categories")
    except Faulty as faulty:
        lines = text.split("\n")
        for problem in faulty.problems:
            assert 1 <= problem.line <= len(lines) + 1
            assert 1 <= problem.column <= max(map(len, lines)) + 1
