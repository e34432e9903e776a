"""Sound documents of every format, broken in every way that chance finds: nothing but Content leaves ``decode``."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.samples import CORPUS, TYPES, samples
from fuzz.target import check

SOUND = {folder.name: (folder / "sound").read_bytes() for folder in sorted(CORPUS.iterdir())}


def test_the_corpus_is_what_the_script_makes() -> None:
    """One sound document for each declaration; ``python -m fuzz.samples`` writes them anew."""
    assert SOUND.keys() == samples().keys() == TYPES.keys()


@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=60)
@given(st.data())
def test_what_is_broken_harms_nobody(name: str, data: st.DataObject) -> None:
    """Bytes changed, taken out, put in, repeated, cut off, declared to be something else."""
    made = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, max(0, len(made) - 1)))
        how = data.draw(st.sampled_from(["change", "take", "put", "repeat", "cut"]))
        if how == "change" and made:
            made[at] = data.draw(st.integers(0, 255))
        elif how == "take":
            del made[at : at + data.draw(st.integers(1, 9))]
        elif how == "put":
            made[at:at] = data.draw(st.binary(max_size=9))
        elif how == "repeat":
            made[at:at] = made[at : at + 40] * data.draw(st.integers(1, 5))
        else:
            del made[at + 1 :]
    check(bytes(made), data.draw(st.sampled_from([TYPES[name], TYPES[name], "", *TYPES.values()])))
