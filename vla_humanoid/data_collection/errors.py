"""Errors that are meant for the person at the keyboard: one line that says what to do."""


class CollectionError(Exception):
    """Anything that data collection tells its user instead of showing a traceback."""


class ConfigurationError(CollectionError):
    """A request that cannot be carried out as written."""


class DatasetError(CollectionError):
    """A dataset file that cannot be read, or lacks something it must hold."""


class GenerationError(CollectionError):
    """A generation run that stopped before it had what was asked for."""


class GenerationInterrupted(GenerationError):
    """A generation run that its user stopped."""
