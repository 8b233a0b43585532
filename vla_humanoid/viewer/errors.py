"""Errors that a viewer shows to its user: one line that says what to do."""


class ViewerError(Exception):
    """Anything that a viewer tells its user instead of stopping."""


class InvalidSetting(ViewerError):
    """A setting that cannot be used.

    Args:
        field: name of the setting, a field of `SessionSettings`.
        message: what is wrong with it, and what is valid.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class CommandRefused(ViewerError):
    """A command that makes no sense now."""


class PolicyUnavailable(ViewerError):
    """A policy that cannot be run."""


class EpisodeUnavailable(ViewerError):
    """An episode that cannot begin."""


class RecordingError(ViewerError):
    """Recording that cannot begin or go on."""
