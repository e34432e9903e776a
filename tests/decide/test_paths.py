"""Path templates, and the tricks that must not fit one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decide.paths import PathTree, Steps, steps_of


def tree(*templates: str) -> PathTree[str]:
    """A tree with each template as what stands there."""
    made: PathTree[str] = PathTree()
    for each in templates:
        made.add(each, each)
    return made


def fits(steps: Steps | None, among: PathTree[str] | None = None) -> bool:
    """Whether some template stands for a path."""
    return steps is not None and bool([*(among or TEMPLATES).fitting(steps)])


TEMPLATES = tree("/v1/applications", "/v1/patients/{id}", "/v1/patients/{id}/exams", "/")


@pytest.mark.parametrize(
    "target",
    [
        b"/v1/applications",
        b"/v1/applications?next=/../admin",
        b"/v1/%61pplications",
        b"/v1/patients/7",
        b"/v1/patients/A-7~b.c",
        b"/v1/patients/%E9%99%B3",
        b"/v1/patients/7/exams?x",
        b"/v1/patients/...",
        b"/",
        b"/?x=1",
    ],
)
def test_a_path_fits(target: bytes) -> None:
    """A path that everybody reads alike fits its template, the query left aside."""
    assert fits(steps_of(target))


@pytest.mark.parametrize(
    "target",
    [
        b"",
        b"*",
        b"v1/applications",
        b"/v1/applications/",
        b"/v1/Applications",
        b"//v1/applications",
        b"/v1//applications",
        b"/v1/./applications",
        b"/v1/x/../applications",
        b"/v1/%2e%2e/v1/applications",
        b"/v1/patients/..",
        b"/v1/patients/.",
        b"/v1/patients/%2e%2E",
        b"/v1/patients/.%2e",
        b"/v1/patients/..%2fadmin",
        b"/v1/patients/7%2Fexams",
        b"/v1/patients/7%5cexams",
        b"/v1/patients/7\\..\\admin",
        b"/v1/patients/7;/../admin",
        b"/v1/patients/7;v=1",
        b"/v1/patients/7%3Bv=1",
        b"/v1/patients/7%3fx=1",
        b"/v1/patients/7#exams",
        b"/v1/patients/7%23",
        b"/v1/patients/%252e%252e",
        b"/v1/patients/7%00",
        b"/v1/patients/7%0d%0a",
        b"/v1/patients/%",
        b"/v1/patients/%zz",
        b"/v1/patients/%ff",
        b"/v1/patients/%c0%af",
        b"/v1/patients/%EF%BC%8E%EF%BC%8E",
        b"/v1/patients/7%EF%BC%8Fexams",
        b"/v1/patients/\xe9",
        b"/v1/patients/7 8",
        b"/v1/patients/",
        b"/v1/patients//exams",
        b"http://counter.example/v1/applications",
    ],
)
def test_a_trick_fits_nothing(target: bytes) -> None:
    """A path that two programs could read differently, or that is another one, fits no template."""
    assert not fits(steps_of(target))


@given(st.text(alphabet="/.%;\\2feEcC5ab?#", max_size=30))
def test_no_reading_leads_out_of_a_template(tail: str) -> None:
    """What fits a template has no dot segment, delimiter or empty segment, however often it is decoded."""
    steps = steps_of(b"/v1/patients/" + tail.encode())
    if fits(steps):
        assert steps is not None
        for step in steps:
            assert step not in {"", ".", ".."}
            assert not set(step) & set("/\\;%?#")


@given(st.binary(max_size=60))
def test_any_target_can_be_read(target: bytes) -> None:
    """Reading a target is total, and an encoded segment is taken only as the text that it means."""
    steps = steps_of(target)
    assert steps is None or all(isinstance(step, str) for step in steps)


def test_a_template_in_escapes_means_its_text() -> None:
    """A template written with escapes fits the path however it is escaped."""
    assert fits(steps_of(b"/%e9%99%b3"), tree("/%E9%99%B3"))
