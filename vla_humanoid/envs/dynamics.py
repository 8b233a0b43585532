"""Domain randomization of the robot itself: motors, posture, pushes, payload and noise."""

from dataclasses import dataclass, replace

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.payload import Payload
from vla_humanoid.assets.postures import READY
from vla_humanoid.schema import WAIST_JOINTS, FloatArray, arm_joint_names
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import EpisodeRandom

STRENGTHS = (0.92, 1.05)
"""Range of the factor on each motor's torque."""
FRICTION_SCALES = (0.5, 2.0)
"""Range of the factor on dry and viscous joint friction."""
ARM_OFFSET, WAIST_OFFSET = 0.10, 0.04
"""Largest deviation of a joint from the ready posture [rad]."""
PAYLOAD_MASSES = (0.0, 2.0)
"""[kg]"""
PAYLOAD_REGION = ((-0.10, 0.10), (-0.05, 0.05), (0.05, 0.25))
"""Where a payload's centre may be along x, y and z of the torso link: in the chest or on the
back [m]."""
JOINT_POSITION_NOISE = 0.002
JOINT_VELOCITY_NOISE = 0.02
"""Standard deviation of encoder readings [rad] and [rad/s]."""


@dataclass(frozen=True)
class Push:
    """A horizontal force at the torso.

    Args:
        start: [s] after reset.
        duration: [s].
        force: [N], world frame.
    """

    start: float
    duration: float
    force: tuple[float, float, float]


@dataclass(frozen=True)
class Dynamics:
    """How the robot of one episode differs from its figures.

    Args:
        strength: factor on each motor's torque, in the order of `JOINT_NAMES`; empty for 1.
        friction_scale: factor on joint friction.
        posture: initial joint positions [rad], in the order of `JOINT_NAMES`.
        pushes: in the order of their start.
        joint_position_noise: standard deviation in observations [rad].
        joint_velocity_noise: likewise [rad/s].
        payload: what the torso carries that the controller does not know of.
    """

    strength: tuple[float, ...]
    friction_scale: float
    posture: tuple[float, ...]
    pushes: tuple[Push, ...]
    joint_position_noise: float
    joint_velocity_noise: float
    payload: Payload


def sample_dynamics(
    random: EpisodeRandom, pushes: PushRanges, *, carries_payload: bool
) -> Dynamics:
    """Sample what the axes that are on ask for; the others keep their nominal values.

    Args:
        random: of the episode.
        pushes: of the task.
        carries_payload: whether the task has a payload at all.
    """
    axes = random.axes
    strength: tuple[float, ...] = ()
    if "actuator_strength" in axes:
        factors = random.stream("actuator_strength").uniform(*STRENGTHS, len(JOINT_NAMES))
        strength = tuple(factors.tolist())
    friction_scale = 1.0
    if "joint_friction" in axes:
        # Halving and doubling are equally likely.
        exponent = random.stream("joint_friction").uniform(*np.log2(FRICTION_SCALES))
        friction_scale = float(2.0**exponent)
    is_noisy = "observation_noise" in axes
    return Dynamics(
        strength=strength,
        friction_scale=friction_scale,
        posture=tuple(_sample_posture(random).tolist()),
        pushes=_sample_pushes(random, pushes) if "pushes" in axes else (),
        joint_position_noise=JOINT_POSITION_NOISE if is_noisy else 0.0,
        joint_velocity_noise=JOINT_VELOCITY_NOISE if is_noisy else 0.0,
        payload=_sample_payload(random) if carries_payload and "payload" in axes else Payload(),
    )


def _sample_posture(random: EpisodeRandom) -> FloatArray:
    posture = np.array([READY[name] for name in JOINT_NAMES])
    if "initial_posture" not in random.axes:
        return posture
    rng = random.stream("initial_posture")
    for names, offset in (
        ((*arm_joint_names("left"), *arm_joint_names("right")), ARM_OFFSET),
        (WAIST_JOINTS, WAIST_OFFSET),
    ):
        for name in names:
            low, high = JOINT_RANGES[name]
            joint = JOINT_NAMES.index(name)
            posture[joint] = np.clip(posture[joint] + rng.uniform(-offset, offset), low, high)
    return posture


def _sample_payload(random: EpisodeRandom) -> Payload:
    rng = random.stream("payload")
    mass = float(rng.uniform(*PAYLOAD_MASSES))
    x, y, z = (float(rng.uniform(*bounds)) for bounds in PAYLOAD_REGION)
    return Payload(mass, (x, y, z))


def _sample_pushes(random: EpisodeRandom, ranges: PushRanges) -> tuple[Push, ...]:
    rng = random.stream("pushes")
    count = int(rng.integers(*ranges.count, endpoint=True))
    earliest, latest = ranges.times
    # Sampled in the time that the gaps leave, then moved apart by the gaps.
    latest -= max(count - 1, 0) * ranges.apart
    pushes = []
    for _ in range(count):
        direction = rng.uniform(-np.pi, np.pi)
        force = rng.uniform(*ranges.forces)
        pushes.append(
            Push(
                start=float(rng.uniform(earliest, latest)),
                duration=float(rng.uniform(*ranges.durations)),
                force=(float(force * np.cos(direction)), float(force * np.sin(direction)), 0.0),
            )
        )
    pushes.sort(key=lambda push: push.start)
    return tuple(
        replace(push, start=push.start + k * ranges.apart) for k, push in enumerate(pushes)
    )
