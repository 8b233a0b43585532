"""The world at the start of an episode."""

import math

import numpy as np

from vla_humanoid.assets.postures import READY_PELVIS_POSITION
from vla_humanoid.assets.scene import Fixture, Quat, Scene, Vec3
from vla_humanoid.envs.dynamics import Dynamics
from vla_humanoid.envs.sloped_stance import stand_on_slope
from vla_humanoid.schema import (
    SIDES,
    FixtureState,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
    WorldState,
)

_UPRIGHT: Quat = (1.0, 0.0, 0.0, 0.0)


def initial_state(
    scene: Scene, dynamics: Dynamics, start: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> WorldState:
    """Return the robot standing at its start and every object where the scene has it, at rest.

    The body is upright and the soles lie on the floor, also where it slopes.

    Args:
        scene: of the episode.
        dynamics: likewise.
        start: of the stance, x and y [m], and yaw [rad], world frame.
    """
    base = _standing_at(start)
    positions = stand_on_slope(base, np.array(dynamics.posture), scene.floor_slope)
    robot = RobotState(
        base=base,
        joint_positions=positions,
        joint_velocities=np.zeros_like(positions),
        foot_wrenches={side: np.zeros(6) for side in SIDES},
        links={},
    )
    things = (*scene.objects, *scene.containers)
    objects = {thing.name: _at_rest(thing.position, thing.quat_wxyz) for thing in things}
    fixtures = {fixture.name: _unmoved(fixture) for fixture in scene.fixtures}
    return WorldState(time=0.0, robot=robot, objects=objects, fixtures=fixtures)


def _standing_at(start: tuple[float, float, float]) -> RigidBodyState:
    x, y, yaw = start
    ahead, aside, height = READY_PELVIS_POSITION
    cosine, sine = math.cos(yaw), math.sin(yaw)
    position = x + cosine * ahead - sine * aside, y + sine * ahead + cosine * aside, height
    return _at_rest(position, (math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw)))


def _at_rest(position: Vec3, quat_wxyz: Quat) -> RigidBodyState:
    return RigidBodyState(
        Pose(np.array(position), np.array(quat_wxyz)), Twist(np.zeros(3), np.zeros(3))
    )


def _unmoved(fixture: Fixture) -> FixtureState:
    quat = np.array([math.cos(0.5 * fixture.yaw), 0.0, 0.0, math.sin(0.5 * fixture.yaw)])
    return FixtureState(Pose(np.array(fixture.position), quat), fixture.opening, 0.0)
