"""The expert's hold on the body: what it commands, what it sees, and how it moves a hand."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import numpy as np

from vla_humanoid.assets.figures import g1
from vla_humanoid.control.rotations import (
    quat_multiply,
    quat_to_matrix,
    rotation_error,
    rotvec_to_quat,
)
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget, stance_frame
from vla_humanoid.envs.episode import Episode
from vla_humanoid.schema import POLICY_RATE, SIDES, FloatArray, Pose, RobotState, WorldState

Motion: TypeAlias = Generator[None, None, None]
"""A skill in progress: every `next` has prepared one more command."""

STANDING_HEIGHT = 0.74
"""Pelvis height that the expert asks for [m]."""
RESTING_WRIST = (-0.02, 0.26, 0.88)
"""Where the left wrist keeps out of the way, stance frame [m]; the right one mirrors y."""

HANGING = 1.5
"""How much lower a resting wrist is for each metre that the pelvis is: arms that hang do not hold
the body up."""

HAND_SPEED = 0.45
"""Largest speed of a commanded wrist [m/s]."""
TURN_SPEED = 1.8
"""Largest turning speed of a commanded wrist [rad/s]."""
CORRECTION_GAIN, CORRECTION_LIMIT = 0.25, 0.05
"""Share of the remaining wrist error added to the command at each step, and its bound [m]."""
ARRIVED, ARRIVED_ROTATION = 0.008, 0.10
"""A wrist has arrived when it is this near its goal [m], [rad]."""
BLOCKED, BLOCKED_TIME = 0.035, 0.12
"""A wrist that lags further behind its command than this and what it covers in this time presses on
something [m], [s]."""
PATIENCE = 0.6
"""How long a wrist may lag behind the end of its path before the motion goes on [s]."""


class SkillFailed(RuntimeError):
    """The expert gives up; the message is the reason that is recorded."""


class PrivilegedWorld(Protocol):
    """What the expert may read: the whole truth about poses, which no policy sees."""

    @property
    def episode(self) -> Episode:
        """The episode it was last reset to."""
        ...

    def world_state(self) -> WorldState:
        """Return the current state of the world."""
        ...


@dataclass(frozen=True)
class _Path:
    """A straight path of a wrist with a smooth start and stop."""

    start: Pose
    goal: Pose
    duration: float

    def at(self, time: float) -> Pose:
        s = float(np.clip(time / self.duration, 0.0, 1.0))
        s = s * s * (3.0 - 2.0 * s)
        position = self.start.position + s * (self.goal.position - self.start.position)
        turn = rotation_error(self.goal.quat_wxyz, self.start.quat_wxyz)
        return Pose(position, _turned(self.start.quat_wxyz, s * turn))


class Body:
    """Commands for the whole body, changed a little at every policy step.

    Args:
        world: the environment, for its truth about poses; it is never acted upon from here.
    """

    def __init__(self, world: PrivilegedWorld) -> None:
        self._world = world
        stance = self.stance
        wrists = {
            side: stance.from_world(self.robot.links[f"{side}_wrist_yaw_link"]) for side in SIDES
        }
        self.target = WholeBodyTarget(
            wrists=wrists,
            joints={},
            grips=dict.fromkeys(SIDES, 0.0),
            base_velocity=np.zeros(3),
            pelvis_height=STANDING_HEIGHT,
        )
        self.held: dict[str, str] = {}
        """What each hand holds: side to the name of an object."""
        self.pressed: set[str] = set()
        """Buttons that have been pressed."""
        self.wiped: set[str] = set()
        """Marks on the table that have been wiped off."""
        self._home = wrists
        self._correction = {side: np.zeros(3) for side in SIDES}

    @property
    def world_state(self) -> WorldState:
        """Everything as it is now."""
        return self._world.world_state()

    @property
    def robot(self) -> RobotState:
        """The robot as it is now."""
        return self.world_state.robot

    @property
    def time(self) -> float:
        """Since the episode began [s]."""
        return self.world_state.time

    @property
    def stance(self) -> StanceFrame:
        """The stance frame as the soles lie now."""
        soles = [self.robot.links[f"{side}_ankle_roll_link"] for side in SIDES]
        left, right = (
            Pose(_point(sole, np.array([0.0, 0.0, g1().sole_height])), sole.quat_wxyz)
            for sole in soles
        )
        return stance_frame(left, right)

    def object_pose(self, name: str) -> Pose:
        """Return where a body of the scene is, in the stance frame."""
        return self.stance.from_world(self.world_state.objects[name].pose)

    def fixture_pose(self, name: str) -> Pose:
        """Return where the casing of a fixture is, in the stance frame."""
        return self.stance.from_world(self.world_state.fixtures[name].pose)

    def position_of(self, name: str) -> FloatArray:
        """Return where an object, a fixture or a landmark is, in the stance frame, shape (3,)."""
        for landmark in self._world.episode.scene.landmarks:
            if landmark.name == name:
                place = np.array([*landmark.position, 0.0])
                return self.stance.from_world(Pose(place, np.array([1.0, 0.0, 0.0, 0.0]))).position
        is_object = name in self.world_state.objects
        return (self.object_pose(name) if is_object else self.fixture_pose(name)).position

    def wrist(self, side: str) -> Pose:
        """Return where a wrist is, in the stance frame."""
        return self.stance.from_world(self.robot.links[f"{side}_wrist_yaw_link"])

    def rest(self, side: str) -> Pose:
        """Return where a wrist keeps out of the way, in the stance frame.

        It is the lower the lower the pelvis is to be.
        """
        x, y, z = RESTING_WRIST
        lowered = HANGING * max(0.0, STANDING_HEIGHT - self.target.pelvis_height)
        position = np.array([x, y if side == "left" else -y, z - lowered])
        return Pose(position, self._home[side].quat_wxyz)

    def set_grip(self, side: str, grip: float) -> None:
        """Command a grip: 0 open, 1 closed."""
        self.target = replace(self.target, grips={**self.target.grips, side: grip})

    def set_wrist(self, side: str, pose: Pose) -> None:
        """Command a wrist pose, stance frame."""
        self.target = replace(self.target, wrists={**self.target.wrists, side: pose})

    def steer(self, side: str, pose: Pose) -> None:
        """Command a wrist pose, stance frame, with what feedback has added in the last `move`."""
        self.set_wrist(side, Pose(pose.position + self._correction[side], pose.quat_wxyz))

    def rest_empty_hands(self, busy: str | None = None) -> None:
        """Command hands that hold nothing and are not busy to where they keep out of the way."""
        for side in SIDES:
            if side not in self.held and side != busy:
                self.set_wrist(side, self.rest(side))

    def set_base_velocity(self, velocity: FloatArray) -> None:
        """Command vx, vy [m/s] and yaw rate [rad/s], stance frame, shape (3,)."""
        self.target = replace(self.target, base_velocity=velocity)

    def set_pelvis_height(self, height: float) -> None:
        """Command the height of the pelvis above the stance frame [m]."""
        self.target = replace(self.target, pelvis_height=height)

    def wait(self, seconds: float) -> Motion:
        """Keep the command for a while."""
        for _ in range(round(seconds * POLICY_RATE)):
            yield

    def move(self, side: str, goal: Pose, speed: float = HAND_SPEED) -> Generator[None, None, bool]:
        """Move a wrist straight to a pose in the stance frame, and wait until it has arrived.

        Feedback makes up for what the arm lags behind its command.

        Returns:
            Whether the way was free; if not, the wrist stays where it was stopped.
        """
        commanded = self.target.wrists[side]
        start = Pose(commanded.position - self._correction[side], commanded.quat_wxyz)
        distance = float(np.linalg.norm(goal.position - start.position))
        turn = float(np.linalg.norm(rotation_error(goal.quat_wxyz, start.quat_wxyz)))
        # A smooth step's peak speed is 1.5 times its mean.
        duration = max(1.5 * distance / speed, 1.5 * turn / TURN_SPEED, 0.1)
        path, time = _Path(start, goal, duration), 0.0
        while time < duration + PATIENCE:
            time += 1.0 / POLICY_RATE
            pose = path.at(time)
            if self._lag(side) > BLOCKED + BLOCKED_TIME * speed:
                self.set_wrist(side, self.wrist(side))
                self._correction[side] = np.zeros(3)
                return False
            if time > duration:
                if self._has_arrived(side, goal):
                    return True
                self._correct(side, goal)
            self.set_wrist(side, Pose(pose.position + self._correction[side], pose.quat_wxyz))
            yield
        return True

    def _lag(self, side: str) -> float:
        commanded = self.target.wrists[side].position - self._correction[side]
        return float(np.linalg.norm(commanded - self.wrist(side).position))

    def _has_arrived(self, side: str, goal: Pose) -> bool:
        wrist = self.wrist(side)
        off = float(np.linalg.norm(goal.position - wrist.position))
        turned = float(np.linalg.norm(rotation_error(goal.quat_wxyz, wrist.quat_wxyz)))
        return off < ARRIVED and turned < ARRIVED_ROTATION

    def _correct(self, side: str, goal: Pose) -> None:
        error = goal.position - self.wrist(side).position
        correction = self._correction[side] + CORRECTION_GAIN * error
        self._correction[side] = np.clip(correction, -CORRECTION_LIMIT, CORRECTION_LIMIT)


def _point(frame: Pose, offset: FloatArray) -> FloatArray:
    return frame.position + quat_to_matrix(frame.quat_wxyz) @ offset


def _turned(quat_wxyz: FloatArray, rotvec: FloatArray) -> FloatArray:
    return quat_multiply(rotvec_to_quat(rotvec), quat_wxyz)
