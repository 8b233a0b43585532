"""How the robot gets to the floor: sitting down on purpose, and pushed over."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from balance_impacts import Impacts
from balance_report import Row, Settings, share, spread
from balance_robot import BODY_AXES, BenchmarkRobot, Conditions, robot_after_settling

from vla_humanoid.assets.figures import JOINT_NAMES, g1, is_finger
from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.fallback import Fallback
from vla_humanoid.schema import SIDES, FloatArray, JointCommand
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.simulation import SimulationDiverged
from vla_humanoid.tasks.core.predicates import tilt

Way: TypeAlias = Literal["limp", "folded", "controlled"]
WAYS: tuple[Way, ...] = ("limp", "folded", "controlled")
"""Motors off; legs drawn up and damped whatever happens, as the controller did at first; and as it
does now."""
ROBOTS = 20
PUSHED_ROBOTS = 6
"""Per direction; every other one walks."""
DIRECTIONS = 8
IMPULSE, PUSH_TIME = 30.0, 0.1
"""[N s], [s]"""
WALKING_SPEED = 0.4
SITTING_TIME, FALLING_TIME = 10.5, 3.5
"""How long a run is watched [s]."""
STILL_TIME, STILL_SPEED = 5.0, 0.02
"""A robot that has sat down moves no faster than this [m/s] in the last part of the run [s]."""
SEATED_HEIGHT, SEATED_TILT = 0.25, 1.0
"""Its pelvis is no higher [m], its trunk leans no further [rad]."""
FIRST_SIT_DISTANCE = 0.6
"""Distance of the DCM from the feet at which the controller gave up at first [m]."""
_FOLDED = {
    "hip_pitch": -1.9,
    "knee": 2.2,
    "ankle_pitch": -0.5,
    "shoulder_pitch": 0.3,
    "elbow": 0.3,
    "shoulder_roll": 0.35,
}


@dataclass(frozen=True)
class Descent:
    """A way from the feet to the floor.

    Args:
        seed: of the robot and the floor.
        way: how it goes down.
        direction: in which it is pushed, 0 from behind, counted to the left; None for a robot that
            goes down from a stand without a push.
        walking: whether it walks.
    """

    seed: int
    way: Way
    direction: int | None = None
    walking: bool = False


@dataclass(frozen=True)
class Landing:
    """What came of it.

    Args:
        left_its_feet: whether it went down at all.
        part: the part other than a foot that the floor hit hardest.
        force: by which force [N].
        com_speed: largest of the centre of mass, from the push or the decision on [m/s].
        head, torso: speed straight down at which they met the floor [m/s], 0 where they did not.
        first: the part that met the floor first.
        seated: whether it sits or kneels in the end.
        still: whether it was still at last.
    """

    left_its_feet: bool
    part: str
    force: float
    com_speed: float
    head: float
    torso: float
    first: str
    seated: bool
    still: bool


def measure_falls(settings: Settings) -> list[Row]:
    """Return how robots sit down and how they fall, each in three ways."""
    rows = []
    for way in WAYS:
        sitting = [Descent(seed, way) for seed in settings.seeds(ROBOTS)]
        landings = settings.run_all(landing, sitting, f"down from a stand, {way}")
        rows.append(Row(f"down from a stand, {way}", "", _sitting(landings)))
    for way in WAYS:
        falls = [
            Descent(seed, way, direction, walking=seed % 2 == 1)
            for seed in settings.seeds(PUSHED_ROBOTS)
            for direction in range(DIRECTIONS)
        ]
        landings = settings.run_all(landing, falls, f"pushed by {IMPULSE:g} N s, {way}")
        rows.append(Row(f"pushed by {IMPULSE:g} N s, {way}", "", _falling(landings)))
    return rows


def landing(descent: Descent) -> Landing:
    """Let a robot go down and watch it land."""
    config = BalanceConfig()
    if descent.way != "controlled":
        earlier = replace(config.fallback, sit_distance=FIRST_SIT_DISTANCE)
        config = replace(config, fallback=earlier)
    robot = robot_after_settling(Conditions(descent.seed, BODY_AXES, config=config))
    if descent.walking:
        robot.run(2.0, (WALKING_SPEED, 0.0, 0.0))
    if descent.direction is None:
        robot.controller.sit_down("the benchmark wants it")
    watch = _Watch(robot, descent)
    watch.run(SITTING_TIME if descent.direction is None else FALLING_TIME)
    return watch.landing()


class _Watch:
    """Goes on with a robot until it lies or sits."""

    def __init__(self, robot: BenchmarkRobot, descent: Descent) -> None:
        self._robot = robot
        assert isinstance(robot.simulation, MujocoSimulation)
        self._impacts = Impacts(robot.simulation)
        self._command = None if descent.way == "controlled" else COMMANDS[descent.way]
        self._force = _push(descent.direction)
        self._com_speeds: list[float] = []
        self._speeds: list[float] = []
        self._diverged = False

    def run(self, seconds: float) -> None:
        """Advance controller and simulation."""
        robot, dt = self._robot, self._robot.controller.config.dt
        for tick in range(round(seconds / dt)):
            robot.simulation.push(self._force * (tick * dt < PUSH_TIME))
            command = self._next_command()
            try:
                for _ in range(robot.steps):
                    robot.simulation.step(command, 1)
                    self._impacts()
            except SimulationDiverged:
                self._diverged = True
                return
            robot.state = robot.simulation.robot_state()
            self._com_speeds.append(_com_speed(robot))
            self._speeds.append(float(np.linalg.norm(robot.state.base.twist.linear)))

    def _next_command(self) -> JointCommand:
        controller = self._robot.controller
        if self._command is None or controller.fallback is not Fallback.SIT:
            return controller.command(self._robot.state)
        return self._command

    def landing(self) -> Landing:
        """Return what came of it."""
        impacts, robot = self._impacts, self._robot
        part, force = impacts.hardest
        pelvis, torso = robot.state.base.pose, robot.state.links["torso_link"]
        last = round(STILL_TIME / robot.controller.config.dt)
        return Landing(
            left_its_feet=robot.controller.fallback is Fallback.SIT,
            part=part,
            force=force,
            com_speed=max(self._com_speeds),
            head=impacts.speed.get("head", 0.0),
            torso=impacts.speed.get("torso", 0.0),
            first=impacts.first,
            seated=pelvis.position[2] < SEATED_HEIGHT and tilt(torso.quat_wxyz) < SEATED_TILT,
            still=not self._diverged and max(self._speeds[-last:]) < STILL_SPEED,
        )


def _com_speed(robot: BenchmarkRobot) -> float:
    model = robot.controller.model
    model.update(robot.state)
    return float(np.linalg.norm(model.com_velocity))


def _push(direction: int | None) -> FloatArray:
    if direction is None:
        return np.zeros(3)
    angle = 2.0 * math.pi * direction / DIRECTIONS
    return IMPULSE / PUSH_TIME * np.array([math.cos(angle), math.sin(angle), 0.0])


def _folded() -> JointCommand:
    """Return the command with which the controller let every robot go down at first."""
    position = dict.fromkeys(JOINT_NAMES, 0.0)
    for joint, value in _FOLDED.items():
        for side in SIDES:
            mirrored = side == "right" and joint == "shoulder_roll"
            position[f"{side}_{joint}_joint"] = -value if mirrored else value
    zero, effort = np.zeros(len(JOINT_NAMES)), np.array([joint.effort for joint in g1().joints])
    fingers = np.array([is_finger(name) for name in JOINT_NAMES])
    return JointCommand(
        np.array([position[name] for name in JOINT_NAMES]),
        zero,
        np.where(fingers, 2.0, 0.05 * effort),
        np.where(fingers, 0.08, 0.1 * effort),
        zero,
    )


_ZERO = np.zeros(len(JOINT_NAMES))
COMMANDS = {"limp": JointCommand(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO), "folded": _folded()}
"""What the motors are told instead of what the controller commands."""


def _sitting(landings: Sequence[Landing]) -> str:
    seated = share(sum(one.seated for one in landings), len(landings))
    still = share(sum(one.still for one in landings), len(landings))
    return "\n".join(
        [
            f"hardest contact {spread([one.force for one in landings], 'kN', 1e-3, 2)}",
            f"fastest CoM {spread([one.com_speed for one in landings], 'm/s', digits=2)}",
            f"seated in the end {seated}",
            f"still for the last {STILL_TIME:g} s {still}",
        ]
    )


def _falling(landings: Sequence[Landing]) -> str:
    fallen = [one for one in landings if one.left_its_feet]
    heads = [one.head for one in fallen if one.head > 0.0]
    torsos = [one.torso for one in fallen if one.torso > 0.0]
    return "\n".join(
        [
            f"left their feet {share(len(fallen), len(landings))}",
            f"hardest contact {spread([one.force for one in fallen], 'kN', 1e-3, 2)}",
            f"it hit {_counts([one.part for one in fallen])}",
            f"first on the floor: {_counts([one.first for one in fallen])}",
            f"head met the floor {len(heads)} times at {spread(heads, 'm/s')}",
            f"torso met it {len(torsos)} times at {spread(torsos, 'm/s')}",
        ]
    )


def _counts(parts: Sequence[str]) -> str:
    return ", ".join(f"{part} {count}" for part, count in Counter(parts).most_common())
