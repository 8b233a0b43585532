"""Parts of a named system that are exchanged for others."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """Names of the parts that a model has instead of its system's; None for those of the system.

    Args:
        vision: encoder of images; hf:PATH for one of Hugging Face's library.
        text: encoder of sentences; hf:PATH for one of Hugging Face's library.
        fusion: what brings images, words and state together.
        head: what makes actions.
    """

    vision: str | None = None
    text: str | None = None
    fusion: str | None = None
    head: str | None = None

    def named(self) -> dict[str, str]:
        """Return those that are exchanged, by what they are."""
        return {part: name for part, name in vars(self).items() if name is not None}


AS_NAMED = Parts()
"""All parts are those of the system."""
