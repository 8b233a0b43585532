"""Wipe a mark off the table with a sponge that a hand holds."""

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.data_collection.skills.body import Body, Motion, SkillFailed
from vla_humanoid.data_collection.skills.grasps import PREFERRED_INWARD_YAW, palm_down
from vla_humanoid.data_collection.skills.obstacles import obstacles
from vla_humanoid.data_collection.skills.place import is_held
from vla_humanoid.data_collection.skills.travel import HAND_DEPTH, above, travel
from vla_humanoid.schema import POLICY_RATE, FloatArray, Pose
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.tabletop import table_of
from vla_humanoid.tasks.core.wiping import Wiping

HOVER = 0.05
"""Height above the table at which the sponge arrives, and to which it is lifted [m]."""
BEYOND = 0.03
"""How far the middle of the sponge goes beyond the mark's edge [m]."""
OFFSETS = (0.0, 0.02, -0.02, 0.035, -0.035)
"""How far aside of the mark's middle one stroke after another is [m]."""
PRESSED = 0.003
"""How far into the table the sponge is sent, to lie on it [m]."""
LOWERING_SPEED, SPEED = 0.12, 0.16
"""Of the sponge on its way down and along the table [m/s]."""
GAIN, LIMIT = 0.15, 0.05
"""Share of the sponge's error that is added to the command at each step, and its bound [m]."""
CLEAN = 0.97
"""Share of the mark that is wiped before the hand stops."""


def wipe_off(body: Body, scene: Scene, sponge: GraspableObject, mark: str, side: str) -> Motion:
    """Lay the sponge before a mark and draw it to and fro over it, ahead and back.

    Raises:
        SkillFailed: if the sponge is lost, or the mark is not clean in the end.
    """
    table, spot = table_of(scene), named(scene.marks, mark)
    wiping = Wiping(spot, sponge, table)
    yaw = -PREFERRED_INWARD_YAW if side == "left" else PREFERRED_INWARD_YAW
    ahead = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    aside = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    half_height = sponge.scale * OBJECTS[sponge.shape].half_height
    middle = np.array([*spot.position, table.height + half_height])
    center = body.stance.from_world(Pose(middle, np.array([1.0, 0.0, 0.0, 0.0]))).position
    reach = (spot.radius + BEYOND) * ahead
    lying = center - np.array([0.0, 0.0, PRESSED])
    hand = _SpongeHand(body, sponge, side, palm_down(side, yaw))
    others = obstacles(body, scene, ignored=(sponge.name,))
    arrival = lying - reach + np.array([0.0, 0.0, HOVER])
    yield from travel(body, side, hand.wrist_for(arrival), others, HAND_DEPTH + HOVER)
    at = lying - reach
    yield from hand.draw(arrival, at, LOWERING_SPEED)
    for offset in OFFSETS:
        for way in (reach, -reach):
            goal = lying + way + offset * aside
            for _ in hand.draw(at, goal, SPEED):
                wiping.update(body.world_state)
                yield
            at = goal
        if wiping.share >= CLEAN:
            body.wiped.add(mark)
            break
    yield from body.move(side, above(body.wrist(side), HOVER))
    if mark not in body.wiped:
        raise SkillFailed("stain not wiped")


class _SpongeHand:
    """A hand that brings the sponge which it holds to places, as it lies in the hand.

    Args:
        body: the robot.
        sponge: in the hand.
        side: the hand.
        quat_wxyz: how the wrist is turned meanwhile.
    """

    def __init__(
        self, body: Body, sponge: GraspableObject, side: str, quat_wxyz: FloatArray
    ) -> None:
        self._body, self._sponge, self._side = body, sponge, side
        self._quat = quat_wxyz
        wrist = body.wrist(side)
        offset = body.object_pose(sponge.name).position - wrist.position
        turn = quat_to_matrix(quat_wxyz) @ quat_to_matrix(wrist.quat_wxyz).T
        self._in_hand: FloatArray = turn @ offset
        self._error: FloatArray = np.zeros(3)

    def wrist_for(self, place: FloatArray) -> Pose:
        """Return the wrist pose that brings the sponge's middle to a place, stance frame."""
        return Pose(place - self._in_hand, self._quat)

    def draw(self, start: FloatArray, goal: FloatArray, speed: float) -> Motion:
        """Take the sponge straight from one place to another, seeing where it is.

        Raises:
            SkillFailed: if it is lost.
        """
        steps = max(round(float(np.linalg.norm(goal - start)) / speed * POLICY_RATE), 1)
        for step in range(1, steps + 1):
            if not is_held(self._body, self._sponge, self._side):
                raise SkillFailed("sponge lost")
            place = start + step / steps * (goal - start)
            wrist = self.wrist_for(place)
            self._body.steer(self._side, Pose(wrist.position + self._error, self._quat))
            yield
            error = place - self._body.object_pose(self._sponge.name).position
            self._error = np.clip(self._error + GAIN * error, -LIMIT, LIMIT)
