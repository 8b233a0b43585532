"""Which body of a world belongs to which USD file."""

from collections.abc import Iterator
from dataclasses import dataclass

import mujoco
import numpy as np

from vla_humanoid.assets.scene import Quat, Vec3

RESERVED = ("Robot", "Scenery", "PhysicsScene", "Lights", "Cameras")
"""Prims of a scene that no object may be called by."""


@dataclass(frozen=True)
class Pose:
    """A position [m] and an orientation (w, x, y, z)."""

    position: Vec3
    quat_wxyz: Quat


IDENTITY = Pose((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))


@dataclass(frozen=True)
class Fixture:
    """Parts that joints hold on something fixed, such as a drawer in its casing.

    Args:
        name: of its file and its prim.
        base: the body that does not move; 0, the world, where a part's joint is on the world.
        links: its bodies, parents before their children; the base among them unless it is 0.
    """

    name: str
    base: int
    links: tuple[int, ...]

    @property
    def moving(self) -> tuple[int, ...]:
        """The links other than the base."""
        return tuple(link for link in self.links if link != self.base)


class WorldParts:
    """A compiled world, taken apart: the robot's links, fixtures, free objects and what is fixed.

    Args:
        model: compiled from a spec of ours.

    Raises:
        ValueError: if there is more than one robot, the name of something that has a file of its
            own is no USD name, or the world has tendons or equality constraints.
    """

    def __init__(self, model: mujoco.MjModel) -> None:
        self.model = model
        data = mujoco.MjData(model)
        mujoco.mj_kinematics(model, data)
        self._positions, self._quats = data.xpos, data.xquat
        roots = [body for body in range(1, model.nbody) if int(model.body_parentid[body]) == 0]
        free = [body for body in roots if self._is_free(body)]
        robots = [body for body in free if any(int(p) == body for p in model.body_parentid)]
        if len(robots) > 1:
            names = ", ".join(model.body(body).name for body in robots)
            raise ValueError(f"A USD scene holds one articulated robot, not {names}.")
        self.robot = robots[0] if robots else None
        self.objects = tuple(body for body in free if body != self.robot)
        self.links: tuple[int, ...] = (
            tuple(self._subtree(self.robot)) if self.robot is not None else ()
        )
        trees = [tuple(self._subtree(body)) for body in roots if body not in free]
        self.fixtures: tuple[Fixture, ...] = tuple(
            Fixture(self.name(tree[0]), 0 if self.joint(tree[0]) is not None else tree[0], tree)
            for tree in trees
            if any(self.joint(body) is not None for body in tree)
        )
        jointed = {body for fixture in self.fixtures for body in fixture.links}
        self.scenery = tuple(body for tree in trees for body in tree if body not in jointed)
        for name in (*map(self.name, self.objects), *(one.name for one in self.fixtures)):
            if not name.isidentifier() or not name.isascii() or name in RESERVED:
                raise ValueError(
                    f"An object cannot be called {name!r} in USD; use letters, digits and _, "
                    f"and none of {', '.join(RESERVED)}."
                )
        if int(model.neq) or int(model.ntendon):
            raise ValueError(
                "Tendons and equality constraints are not written to USD; leave them out."
            )

    def name(self, body: int) -> str:
        """Return a body's name."""
        return str(self.model.body(body).name)

    def geoms(self, body: int) -> range:
        """Return the geoms of a body, in the order of its spec."""
        start = int(self.model.body_geomadr[body])
        return range(start, start + int(self.model.body_geomnum[body]))

    def world_pose(self, body: int) -> Pose:
        """Return the pose of a body's frame in the reference configuration, world frame."""
        return pose(self._positions[body], self._quats[body])

    def pose_in(self, frame: Pose, body: int) -> Pose:
        """Return the pose of a body's frame in the reference configuration, in another frame."""
        inverse, turn, position = np.empty(4), np.empty(4), np.empty(3)
        mujoco.mju_negQuat(inverse, np.array(frame.quat_wxyz))
        mujoco.mju_mulQuat(turn, inverse, self._quats[body])
        offset = self._positions[body] - np.array(frame.position)
        mujoco.mju_rotVecQuat(position, offset, inverse)
        return pose(position, turn)

    def parent(self, body: int) -> int:
        """Return a body's parent."""
        return int(self.model.body_parentid[body])

    def joint(self, body: int) -> int | None:
        """Return the joint that moves a link against its parent, or None where it is fixed."""
        count = int(self.model.body_jntnum[body])
        if count == 0:
            return None
        if count > 1:
            raise ValueError(f"The link {self.name(body)} has {count} joints; one is supported.")
        return int(self.model.body_jntadr[body])

    def _is_free(self, body: int) -> bool:
        joint = self.joint(body)
        free = int(mujoco.mjtJoint.mjJNT_FREE)
        return joint is not None and int(self.model.jnt_type[joint]) == free

    def _subtree(self, root: int) -> Iterator[int]:
        """Yield a body and its descendants; MuJoCo numbers parents before their children."""
        inside = {root}
        for body in range(root, self.model.nbody):
            if body == root or int(self.model.body_parentid[body]) in inside:
                inside.add(body)
                yield body


def pose(position: np.ndarray, quat_wxyz: np.ndarray) -> Pose:
    """Return a pose from arrays of shapes (3,) and (4,)."""
    x, y, z = (float(value) for value in position)
    a, b, c, d = (float(value) for value in quat_wxyz)
    return Pose((x, y, z), (a, b, c, d))
