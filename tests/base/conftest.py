"""A busy machine is no fault: these tests bound their own time where time matters."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
