import numpy as np
from synthetic_worlds import body, robot, world

from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.forms.hand import WRONG_HAND, HandJudge, moving_hand
from vla_humanoid.tasks.core.task import Judge, Verdict

STEP = 0.05
PLACE = np.array([0.4, 0.1, 0.8])
UP = np.array([0.0, 0.0, 0.3])


class DoneAt(Judge):
    def __init__(self, time: float) -> None:
        self._time = time

    def update(self, state: WorldState) -> Verdict:
        done = state.time >= self._time
        return Verdict(done, None, False, int(done), float(done))


def held(time: float, side: str | None, *, moving: bool = True) -> WorldState:
    mug = body(PLACE, velocity=UP if moving else None)
    return world(time, {"mug": mug}, robot(pinches={side: PLACE} if side else {}))


def judged(side: str, who: str | None, *, moving: bool = True) -> Verdict:
    judge = HandJudge(DoneAt(1.0), "mug", side)
    verdicts = [judge.update(held(k * STEP, who, moving=moving)) for k in range(21)]
    return verdicts[-1]


def test_the_hand_that_moves_a_thing_is_the_nearer_one_close_to_it():
    assert moving_hand(held(0.0, "left"), "mug") == "left"
    assert moving_hand(held(0.0, "left", moving=False), "mug") is None
    assert moving_hand(held(0.0, None), "mug") is None


def test_the_named_hand_succeeds():
    assert judged("left", "left").success


def test_the_other_hand_is_a_failure():
    assert judged("right", "left").failure == WRONG_HAND


def test_what_no_hand_has_moved_is_a_failure():
    assert judged("left", None).failure == WRONG_HAND
    assert judged("left", "left", moving=False).failure == WRONG_HAND
