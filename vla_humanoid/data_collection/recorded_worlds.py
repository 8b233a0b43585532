"""World states out of a dataset, complete enough to be judged again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import mujoco
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.g1 import robot_spec
from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.schema import (
    POLICY_RATE,
    SIDES,
    FixtureState,
    FloatArray,
    Pose,
    RigidBodyState,
    RobotState,
    Twist,
    WorldState,
)
from vla_humanoid.sims.mujoco_state import MujocoStateMap, add_foot_sensors

_ROBOT = "articulation/robot"


def recorded_worlds(demo: Demo) -> Iterator[WorldState]:
    """Yield the world at every action of an episode, then the one that the last action led to.

    Links of the robot follow from its joints; everything is as exact as float32.

    Raises:
        DatasetError: if something is missing or has another shape.
    """
    rows = demo.all_states()
    wrenches = demo.array(layout.FOOT_WRENCHES).astype(np.float64)
    if wrenches.shape != (demo.steps + 1, len(SIDES), 6):
        raise demo.error(f"its {layout.FOOT_WRENCHES} have shape {wrenches.shape}")
    names = sorted({tuple(path.split("/")[:2]) for path in rows} - {tuple(_ROBOT.split("/"))})
    for step in range(demo.steps + 1):
        now = {path: values[step].astype(np.float64) for path, values in rows.items()}
        robot = RobotState(
            base=_body(now, _ROBOT),
            joint_positions=now[f"{_ROBOT}/joint_position"],
            joint_velocities=now[f"{_ROBOT}/joint_velocity"],
            foot_wrenches=dict(zip(SIDES, wrenches[step], strict=True)),
            links={},
        )
        yield WorldState(
            time=step / POLICY_RATE,
            robot=_with_links(robot),
            objects={
                name: _body(now, f"{kind}/{name}") for kind, name in names if kind == "rigid_object"
            },
            fixtures={
                name: _fixture(now, f"{kind}/{name}")
                for kind, name in names
                if kind == "articulation"
            },
        )


def _body(now: Mapping[str, FloatArray], path: str) -> RigidBodyState:
    velocity = now[f"{path}/root_velocity"]
    return RigidBodyState(_pose(now[f"{path}/root_pose"]), Twist(velocity[:3], velocity[3:]))


def _fixture(now: Mapping[str, FloatArray], path: str) -> FixtureState:
    position, velocity = now[f"{path}/joint_position"], now[f"{path}/joint_velocity"]
    return FixtureState(_pose(now[f"{path}/root_pose"]), float(position[0]), float(velocity[0]))


def _pose(row: NDArray[np.float64]) -> Pose:
    """Return a pose out of x, y, z and a quaternion xyzw."""
    return Pose(row[:3], np.roll(row[3:], 1))


def _with_links(robot: RobotState) -> RobotState:
    """Return a robot with the poses of its links."""
    state_map, model, data = _lone_robot()
    state_map.write(WorldState(0.0, robot, {}), data)
    mujoco.mj_kinematics(model, data)
    return replace(robot, links=state_map.robot(data).links)


@cache
def _lone_robot() -> tuple[MujocoStateMap, mujoco.MjModel, mujoco.MjData]:
    spec = robot_spec("none")
    add_foot_sensors(spec)
    model = spec.compile()
    return MujocoStateMap(model), model, mujoco.MjData(model)
