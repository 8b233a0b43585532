"""What sentences say, slot by slot."""

import pytest

from vla_humanoid.policies.slots import GoalSlots
from vla_humanoid.training.goal_slots import UNKNOWN, goal_slots


@pytest.mark.parametrize(
    ("task", "sentence", "slots"),
    [
        (
            "PickPlace",
            "the orange serving tray is where the purple block belongs",
            GoalSlots("PickPlace", "block", "purple", "", "tray"),
        ),
        (
            "PickPlace",
            "Find the bowl and put the red soda can in it.",
            GoalSlots("PickPlace", "can", "red", "in", "bowl"),
        ),
        (
            "PickPlace",
            "put the tin onto the blue plate",
            GoalSlots("PickPlace", "can", "", "on", "plate"),
        ),
        ("OpenDrawer", "open the red drawer", GoalSlots("OpenDrawer", "drawer", "red")),
    ],
)
def test_sentences_are_taken_apart(task: str, sentence: str, slots: GoalSlots) -> None:
    assert goal_slots(task, sentence) == slots


def test_what_cannot_be_told_is_unknown() -> None:
    found = goal_slots("PickPlace", "with your left hand, put the can onto the blue plate")
    assert (found.verb, found.hand, found.object) == ("PickPlace", "left", UNKNOWN)
    assert goal_slots("Juggling", "juggle").object == UNKNOWN
