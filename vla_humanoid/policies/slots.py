"""Slots of a goal: what a sentence says is to be done, to what, where and with which hand."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

NOT_SAID = ""
"""Value of a slot of which the sentence says nothing."""
IGNORED = -100
"""Target of a slot whose value the model has no name for; torch's cross entropy leaves it out."""


@dataclass(frozen=True)
class GoalSlots:
    """What a sentence says; each may be `NOT_SAID`.

    Args:
        verb: what is to be done, such as "put".
        object: the thing that it is done to, such as "can".
        attribute: by which the thing is told from others, such as "red".
        relation: where the thing is to end up with respect to the container, such as "into".
        container: the other thing, such as "bowl".
        hand: "left" or "right".
    """

    verb: str = NOT_SAID
    object: str = NOT_SAID
    attribute: str = NOT_SAID
    relation: str = NOT_SAID
    container: str = NOT_SAID
    hand: str = NOT_SAID


SLOT_NAMES = tuple(field.name for field in fields(GoalSlots))


@dataclass(frozen=True)
class Slot:
    """One slot that the planning head fills.

    Args:
        name: a field of `GoalSlots`.
        values: that are told apart; the first is `NOT_SAID`.

    Raises:
        ValueError: if there is no such slot, or no such values.
    """

    name: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check the name and the values."""
        if self.name not in SLOT_NAMES:
            raise ValueError(f"There is no slot {self.name!r}. There are: {', '.join(SLOT_NAMES)}.")
        if self.values[:1] != (NOT_SAID,) or len(set(self.values)) != len(self.values):
            raise ValueError(
                f"Values of the slot {self.name} are to differ, and the first to be "
                f"{NOT_SAID!r}: {self.values}."
            )


def slots_of(goals: Iterable[GoalSlots]) -> tuple[Slot, ...]:
    """Return the slots with every value that occurs in some goals, in a fixed order."""
    said = [asdict(goal) for goal in goals]
    return tuple(
        Slot(name, (NOT_SAID, *sorted({one[name] for one in said} - {NOT_SAID})))
        for name in SLOT_NAMES
    )


def targets(slots: Sequence[Slot], goal: GoalSlots) -> tuple[int, ...]:
    """Return the index of a goal's value in each slot; `IGNORED` where the slot has none such."""
    said = asdict(goal)
    return tuple(
        slot.values.index(said[slot.name]) if said[slot.name] in slot.values else IGNORED
        for slot in slots
    )


def goal_of(slots: Sequence[Slot], indices: Sequence[int]) -> GoalSlots:
    """Return the goal whose values have the given indices."""
    values = {slot.name: slot.values[index] for slot, index in zip(slots, indices, strict=True)}
    return GoalSlots(**values)
