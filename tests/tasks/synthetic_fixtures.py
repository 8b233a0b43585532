"""World states made by hand in which the joints of fixtures are wherever a test wants them."""

import math
from collections.abc import Mapping

import numpy as np
from synthetic_worlds import robot

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import FixtureState, FloatArray, Pose, RobotState, WorldState
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.task import Judge, Verdict

STEP = 0.05


def fixture_world(
    scene: Scene, time: float, positions: Mapping[str, float], who: RobotState | None = None
) -> WorldState:
    """A scene whose fixtures are where it has them at first, but for some."""
    states = {
        fixture.name: FixtureState(
            Pose(np.array(fixture.position), _yawed(fixture.yaw)),
            positions.get(fixture.name, fixture.opening),
            0.0,
        )
        for fixture in scene.fixtures
    }
    for name in positions:
        named(scene.fixtures, name)
    return WorldState(time, robot() if who is None else who, {}, states)


def judge_steps(
    judge: Judge, scene: Scene, *steps: Mapping[str, float], repeat: int = 1
) -> Verdict:
    """Judge a scene as it is at first, then each of some steps as often as asked."""
    verdict = judge.update(fixture_world(scene, 0.0, {}))
    time = 0.0
    for positions in steps:
        for _ in range(repeat):
            time += STEP
            verdict = judge.update(fixture_world(scene, time, positions))
    return verdict


def _yawed(yaw: float) -> FloatArray:
    return np.array([math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw)])
