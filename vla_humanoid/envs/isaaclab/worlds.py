"""The bodies of all worlds of a scene, read and placed together."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
import torch
from isaaclab.assets import Articulation, RigidObjectCollection
from isaaclab.scene import InteractiveScene
from isaaclab.sensors import Camera

from vla_humanoid.schema import JointCommand, RigidBodyState, RobotState, WorldState
from vla_humanoid.sims.isaaclab.bodies import Bodies
from vla_humanoid.sims.isaaclab.cameras import camera_entity
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.lazy_scene import LazyScene
from vla_humanoid.sims.isaaclab.properties import JointFriction, Masses
from vla_humanoid.sims.isaaclab.robots import Robots
from vla_humanoid.sims.isaaclab.scene import FIXTURES, ROBOT, THINGS

Objects: TypeAlias = Mapping[str, RigidBodyState]
EntityT = TypeVar("EntityT")


class Worlds:
    """Robots, things and fixtures of all worlds.

    Args:
        scene: of Isaac Lab, as `scene_cfg` describes it, running.
    """

    def __init__(self, scene: InteractiveScene) -> None:
        self._scene = scene
        origins = scene.env_origins.cpu().numpy().astype(np.float64)
        robot = _entity(scene, ROBOT, Articulation)
        self.robots = Robots(robot, dialect().joint_wrenches(scene, robot), origins)
        """The robots; `read_robots` and `command` also tell the scene."""
        self._fixtures = Bodies(
            _entity(scene, FIXTURES, RigidObjectCollection), origins, fixtures=True
        )
        self.joint_friction = JointFriction(robot)
        """Friction in the robots' joints."""
        self.things: Bodies | None = None
        """What robots handle, if there is anything."""
        self.masses: Masses | None = None
        """Of these."""
        if THINGS in scene.rigid_object_collections:
            things = _entity(scene, THINGS, RigidObjectCollection)
            self.things = Bodies(things, origins, fixtures=False)
            self.masses = Masses(things)

    def read(self, casting: Sequence[Mapping[str, str]]) -> list[tuple[RobotState, Objects]]:
        """Return robot and objects of every world, in that world's frame.

        Args:
            casting: per world, name of an object in its scene to name of a body.
        """
        robots = self.read_robots()
        if self.things is None:
            return [(robot, {}) for robot in robots]
        if isinstance(self._scene, LazyScene):
            self._scene.update_bodies()
        return list(zip(robots, self.things.read(casting), strict=True))

    def read_robots(self) -> list[RobotState]:
        """Return the state of every robot, in its world's frame."""
        if isinstance(self._scene, LazyScene):
            self._scene.update_robots()
        return self.robots.read()

    def command(self, commands: Mapping[int, JointCommand]) -> None:
        """Give commands to the motors of some worlds; the others keep theirs."""
        self.robots.command(commands)
        if isinstance(self._scene, LazyScene):
            self._scene.command()

    def place(
        self,
        states: Mapping[int, WorldState],
        casting: Mapping[int, Mapping[str, str]],
        fixtures: Mapping[int, Objects],
    ) -> None:
        """Put some worlds into states.

        Args:
            states: by world.
            casting: by world, name of an object in its scene to name of a body.
            fixtures: by world, states of floor, table and landmarks by name of a body.
        """
        self.robots.write({k: state.robot for k, state in states.items()})
        self._fixtures.place(fixtures)
        if self.things is not None:
            self.things.place(
                {
                    k: {casting[k][name]: body for name, body in state.objects.items()}
                    for k, state in states.items()
                }
            )

    def image(self, camera: str) -> torch.Tensor:
        """Return what a camera sees in every world, shape (worlds, height, width, 3), uint8."""
        output = _entity(self._scene, camera_entity(camera), Camera).data.output
        if output is None:
            raise RuntimeError(f"The camera {camera} has not started yet.")
        return dialect().as_tensor(output["rgb"])[..., :3]


def _entity(scene: InteractiveScene, name: str, kind: type[EntityT]) -> EntityT:
    """Return an entity of a scene; each backend has classes of its own for the same kind."""
    found: EntityT = scene[name]
    return found
