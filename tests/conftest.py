"""What holds for all tests."""

from hypothesis import settings

# How long a case takes says more about the machine than about the code; bench/ measures.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
