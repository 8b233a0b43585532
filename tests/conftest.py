"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)  # How long a test takes is no finding.
settings.load_profile("patient")
