"""What holds for all tests."""

import os

import pytest
from hypothesis import settings

from gateway.classify import prepare
from gateway.rulebook.kept import kept_for
from tests.classify.rules import shipped

# How long a case takes says more about the machine than about the code; bench/ measures.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Take the shipped recognisers from where `kouan check` keeps them; to compile them takes some ten seconds."""
    prepare(shipped(), kept_for(os.environ))
