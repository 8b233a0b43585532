"""What is kept out of training, and the splits that show it; finding the names imports no task."""

SPLITS: tuple[str, ...] = (
    "all",
    "train",
    "unseen_object",
    "unseen_color",
    "unseen_shape",
    "unseen_pair",
    "unseen_layout",
    "unseen_template",
    "unseen_composition",
)
"""Everything; what is not held out; and, for each thing that is, the episodes that show it."""


def check_split(split: str) -> str:
    """Return the name of a split.

    Raises:
        ValueError: if it is unknown; the message lists those there are.
    """
    if split not in SPLITS:
        raise ValueError(f"Unknown split {split!r}; choose one of {', '.join(SPLITS)}.")
    return split
