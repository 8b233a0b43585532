"""A linear inverted pendulum on two feet that do exactly what the gait says."""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from made_up_frames import UP, frame

from vla_humanoid.control.balance_state import support_polygon
from vla_humanoid.control.footsteps import OUTWARD, Footstep
from vla_humanoid.control.gait import Gait, GaitInput, GaitReference, Phase
from vla_humanoid.control.gait_config import GaitConfig
from vla_humanoid.control.robot_model import FrameMotion
from vla_humanoid.schema import SIDES, FloatArray

DT, OMEGA, WEIGHT = 0.004, 3.7, 350.0
WIDTH = 0.2373
_GAIN = 8.0

Command: TypeAlias = tuple[float, float, float]
CONFIG = GaitConfig()
PERIOD = CONFIG.single_support + CONFIG.double_support
STANCE = (
    Footstep("left", np.array([0.0, 0.5 * WIDTH, 0.0]), 0.0),
    Footstep("right", np.array([0.0, -0.5 * WIDTH, 0.0]), 0.0),
)


def level(_x: float, _y: float) -> float:
    """The height of a level floor."""
    return 0.0


class WalkingPendulum:
    """Walks without any dynamics but those that the gait plans with.

    Args:
        config: of the gait.
        ground: height of the ground at x, y [m].
        normal: of the ground, which soles lie flat on.
    """

    def __init__(
        self,
        config: GaitConfig | None = None,
        ground: Callable[[float, float], float] = level,
        normal: FloatArray = UP,
    ) -> None:
        self.gait = Gait(config or CONFIG, DT)
        self.ground = ground
        self._normal = normal
        self.feet = {side: np.array([0.0, 0.5 * OUTWARD[side] * WIDTH, 0.0, 0.0]) for side in SIDES}
        for foot in self.feet.values():
            foot[2] = ground(foot[0], foot[1])
        self.dcm = support_polygon(self._soles()).center
        self.references: list[GaitReference] = []
        self.phases: list[Phase] = []
        self.landings: list[Footstep] = []

    def _soles(self) -> dict[str, FrameMotion]:
        return {
            side: frame(foot[:3], float(foot[3]), self._normal) for side, foot in self.feet.items()
        }

    def loads(self) -> dict[str, float]:
        """What each foot bears [N]: what swings bears nothing until it meets the ground."""
        gait = self.gait
        if gait.phase is Phase.SINGLE_SUPPORT:
            foot = self.feet[gait.swing_side]
            bears = 60.0 if foot[2] <= self.ground(foot[0], foot[1]) + 1e-9 else 0.0
            return {gait.swing_side: bears, gait.support_side: WEIGHT - bears}
        left, right = self.feet["left"][:2], self.feet["right"][:2]
        zmp = self.references[-1].zmp if self.references else 0.5 * (left + right)
        share = float(np.clip((zmp - right) @ (left - right) / ((left - right) ** 2).sum(), 0, 1))
        return {"left": share * WEIGHT, "right": (1.0 - share) * WEIGHT}

    def run(self, seconds: float, command: Command = (0.0, 0.0, 0.0)) -> None:
        """Go on for a while at a velocity command."""
        for _ in range(round(seconds / DT)):
            self.tick(np.array(command))

    def tick(self, command: FloatArray) -> None:
        """Go on by one period."""
        gait, soles = self.gait, self._soles()
        steps, side = gait.steps_taken, gait.swing_side
        reference = gait.advance(GaitInput(soles, self.loads(), self.dcm.copy(), OMEGA), command)
        if gait.steps_taken > steps:
            self.landings.append(Footstep(side, soles[side].position, float(self.feet[side][3])))
        support = support_polygon({side: soles[side] for side in reference.contacts})
        error = self.dcm - reference.dcm
        zmp = support.project(reference.zmp + (1.0 + _GAIN / OMEGA) * error, 0.0)
        self.dcm = zmp + (self.dcm - zmp) * np.exp(OMEGA * DT)
        if gait.swing is not None:
            foot = gait.swing.position.copy()
            foot[2] = max(foot[2], self.ground(foot[0], foot[1]))
            self.feet[gait.swing_side] = foot
        self.references.append(reference)
        self.phases.append(gait.phase)

    @property
    def middle(self) -> FloatArray:
        """x, y [m] midway between the feet, and their mean yaw [rad] counted through turns."""
        left, right = self.feet["left"], self.feet["right"]
        return 0.5 * (left + right)[[0, 1, 3]]

    @property
    def balance(self) -> float:
        """How far the DCM is within the hull of both soles [m]."""
        return support_polygon(self._soles()).margin(self.dcm)

    def assert_feet_take_turns(self) -> None:
        """No foot lands twice in a row."""
        assert all(first.side != second.side for first, second in pairwise(self.landings))
