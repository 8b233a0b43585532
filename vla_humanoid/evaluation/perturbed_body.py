"""Axes robot_start, physics and pushes: the robot, and what its motors have to do with."""

import math
from dataclasses import replace

import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.envs.dynamics import Dynamics, Push
from vla_humanoid.envs.episode import Episode
from vla_humanoid.evaluation.clear_start import first_clear
from vla_humanoid.evaluation.perturbed_numbers import direction
from vla_humanoid.schema import SIDES, WAIST_JOINTS, arm_joint_names

ARM_OFFSET, WAIST_OFFSET = 0.05, 0.02
"""Largest change of a joint per level [rad]."""
START_SHIFT, START_TURN = 0.01, math.radians(2.0)
"""How far off the robot stands per level [m], and how far it may be turned [rad]."""
MASS, FRICTION, STRENGTH, JOINT_FRICTION = 0.4, -0.1, -0.03, 0.4
"""What factors change by, per level, from 1."""
PUSH_FORCE, PUSH_DURATION = 15.0, 0.15
"""[N] per level, and [s]."""
PUSHES_APART = 2.0
"""A push begins in the latter half of each such time [s]."""


def started_otherwise(episode: Episode, level: int, rng: np.random.Generator) -> Episode:
    """Return an episode in which the robot stands elsewhere, with its arms elsewhere.

    It is drawn again where the robot would begin inside something.
    """
    return first_clear(episode, lambda: _started(episode, level, rng))


def _started(episode: Episode, level: int, rng: np.random.Generator) -> Episode:
    posture = np.array(episode.dynamics.posture)
    arms = (*arm_joint_names(SIDES[0]), *arm_joint_names(SIDES[1]))
    for names, offset in ((arms, ARM_OFFSET), (WAIST_JOINTS, WAIST_OFFSET)):
        for name in names:
            joint, change = JOINT_NAMES.index(name), rng.uniform(-offset, offset)
            posture[joint] = np.clip(posture[joint] + level * change, *JOINT_RANGES[name])
    shift = START_SHIFT * level * direction(rng, 2)
    turn = level * rng.uniform(-START_TURN, START_TURN)
    return replace(
        episode,
        dynamics=replace(episode.dynamics, posture=tuple(posture.tolist())),
        start=(float(shift[0]), float(shift[1]), float(turn)),
    )


def harder_to_move(episode: Episode, level: int) -> Episode:
    """Return an episode of heavier and more slippery things, and weaker and stiffer motors."""
    dynamics = episode.dynamics
    strength = np.array(dynamics.strength or np.ones(len(JOINT_NAMES))) * (1.0 + STRENGTH * level)
    return replace(
        episode,
        scene=_harder_scene(episode.scene, 1.0 + MASS * level, 1.0 + FRICTION * level),
        dynamics=replace(
            dynamics,
            strength=tuple(strength.tolist()),
            friction_scale=dynamics.friction_scale * (1.0 + JOINT_FRICTION * level),
        ),
    )


def _harder_scene(scene: Scene, mass: float, friction: float) -> Scene:
    return replace(
        scene,
        objects=tuple(
            replace(one, mass=mass * one.mass, friction=friction * one.friction)
            for one in scene.objects
        ),
        containers=tuple(
            replace(one, mass=mass * one.mass, friction=friction * one.friction)
            for one in scene.containers
        ),
        fixtures=tuple(replace(one, resistance=mass * one.resistance) for one in scene.fixtures),
        floor_friction=friction * scene.floor_friction,
    )


def pushed(dynamics: Dynamics, level: int, time_limit: float, rng: np.random.Generator) -> Dynamics:
    """Return the dynamics of an episode with more pushes, until it is cut off.

    Args:
        dynamics: of the episode, with its own pushes.
        level: from 1 on.
        time_limit: of the task [s].
        rng: decides when and where to.
    """
    pushes = list(dynamics.pushes)
    for index in range(int(time_limit / PUSHES_APART)):
        force = PUSH_FORCE * level * direction(rng, 2)
        start = PUSHES_APART * (index + rng.uniform(0.5, 1.0))
        pushes.append(Push(float(start), PUSH_DURATION, (float(force[0]), float(force[1]), 0.0)))
    return replace(dynamics, pushes=tuple(sorted(pushes, key=lambda push: push.start)))
