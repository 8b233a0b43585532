"""The expert's hold on the feet: what velocity it commands, and where that takes the robot."""

import math

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.footstep_velocity import NOMINAL_WIDTH
from vla_humanoid.control.footsteps import OUTWARD
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.steering import Tolerance, towards
from vla_humanoid.schema import POLICY_RATE, SIDES, FloatArray, Pose
from vla_humanoid.tasks.core.geometry import rotate, to_world
from vla_humanoid.tasks.core.predicates import is_standing_still
from vla_humanoid.tasks.core.stance import Stance, stance_of

STOPPING_TIME = 3.0
"""How long to wait for the robot to stand still [s]."""
STILL_TIME = 0.25
"""How long it must have stood still [s]."""
ENOUGH = Tolerance(0.025, math.radians(2.5))
"""The robot stops when it will stand this near."""
ARRIVED = Tolerance(0.06, math.radians(5.0))
"""It has arrived when it stands this near."""
CORRECTIONS = 4
"""How often it tries to stop at a place before it makes do with where it stands."""
PATIENCE = 10.0
"""How long one try may take [s]."""


class Feet:
    """Velocity commands, and the steps that they lead to.

    Args:
        body: the robot.
    """

    def __init__(self, body: Body) -> None:
        self._body = body

    @property
    def stance(self) -> Stance:
        """Where the robot stands."""
        return stance_of(self._body.robot)

    @property
    def halt(self) -> Stance:
        """Where the robot would come to stand if it stopped: beside the foot that bears it.

        While a foot swings the stance between the feet says little: where the swinging foot lands
        follows from the velocity and from the other foot.
        """
        robot = self._body.robot
        loads = np.array([max(robot.foot_wrenches[side][2], 1.0) for side in SIDES])
        feet = [_beside(robot.links[f"{side}_ankle_roll_link"], OUTWARD[side]) for side in SIDES]
        x, y, cosine, sine = np.average(feet, axis=0, weights=loads).tolist()
        return Stance(x, y, math.atan2(sine, cosine))

    def command(self, velocity: FloatArray) -> None:
        """Command vx, vy [m/s] and yaw rate [rad/s], stance frame, shape (3,)."""
        self._body.set_base_velocity(velocity)

    def stop(self) -> Motion:
        """Stop, and wait until the robot stands still."""
        self.command(np.zeros(3))
        still = 0
        for _ in range(round(STOPPING_TIME * POLICY_RATE)):
            yield
            still = still + 1 if is_standing_still(self._body.robot) else 0
            if still >= STILL_TIME * POLICY_RATE:
                return

    def settle(self, place: Stance) -> Motion:
        """Step to a place nearby, stop there, and correct what is left.

        Raises:
            SkillFailed: if the robot does not get there.
        """
        for _ in range(CORRECTIONS):
            yield from self._step_to(place, ENOUGH)
            yield from self.stop()
            if ARRIVED.covers(self.stance, place):
                return

    def pass_by(self, place: Stance) -> Motion:
        """Step to a place nearby without stopping there.

        Raises:
            SkillFailed: if the robot does not get there.
        """
        yield from self._step_to(place, ARRIVED)

    def _step_to(self, place: Stance, near: Tolerance) -> Motion:
        for _ in range(round(PATIENCE * POLICY_RATE)):
            halt = self.halt
            if near.covers(halt, place):
                return
            self.command(towards(place, halt, near))
            yield
        raise SkillFailed("place not reached")


def _beside(ankle: Pose, outward: float) -> FloatArray:
    """Return x, y [m] between a foot and one beside it, then cosine and sine of its heading."""
    x, y, _ = to_world(ankle, np.array([0.0, 0.0, g1().sole_height])).tolist()
    ahead = rotate(ankle.quat_wxyz, np.array([1.0, 0.0, 0.0]))
    cosine, sine = (ahead[:2] / np.linalg.norm(ahead[:2])).tolist()
    half = 0.5 * outward * NOMINAL_WIDTH
    return np.array([x + half * sine, y - half * cosine, cosine, sine])
