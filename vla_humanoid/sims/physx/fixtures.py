"""Drawers, doors and the like in PhysX: where their joints are, read and written."""

from collections.abc import Mapping

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.schema import FixtureState
from vla_humanoid.sims.physx.bodies import pose_of
from vla_humanoid.sims.physx.interface import Float32Array
from vla_humanoid.sims.physx.scene_file import SceneFile
from vla_humanoid.sims.physx.session import Session


class Mechanism:
    """The joints of one articulation that is fixed to the world.

    Args:
        session: the simulation.
        root: its prim.
        casings: by the name of each joint, the link that it is on.
    """

    def __init__(self, session: Session, root: str, casings: Mapping[str, str]) -> None:
        self._positions = session.quantity("ARTICULATION_DOF_POSITION", root)
        self._velocities = session.quantity("ARTICULATION_DOF_VELOCITY", root)
        self._links = session.quantity("ARTICULATION_LINK_POSE", root)
        binding = self._positions.binding
        self.joints = tuple(binding.dof_names)
        """Its joints, as PhysX orders them."""
        self._casings = [binding.body_names.index(casings[joint]) for joint in self.joints]

    def update(self) -> None:
        """Read what the engine has now."""
        for quantity in (self._positions, self._velocities, self._links):
            quantity.read()

    @property
    def velocities(self) -> Float32Array:
        """Of the joints as last read, [rad/s] or [m/s], shape (n, 1)."""
        return self._velocities.values.T

    def states(self) -> dict[str, FixtureState]:
        """Return the states of the fixtures that the joints are, as last read."""
        return {
            fixture_name(joint): FixtureState(
                pose_of(self._links.values[0, casing]),
                float(self._positions.values[0, dof]),
                float(self._velocities.values[0, dof]),
            )
            for dof, (joint, casing) in enumerate(zip(self.joints, self._casings, strict=True))
        }

    def write(self, states: Mapping[str, FixtureState]) -> None:
        """Put the joints into states; the fixtures stay where they are."""
        for dof, joint in enumerate(self.joints):
            state = states[fixture_name(joint)]
            self._positions.values[0, dof] = state.position
            self._velocities.values[0, dof] = state.velocity
        self._positions.write()
        self._velocities.write()


def find_mechanisms(session: Session, model: mujoco.MjModel) -> tuple[Mechanism, ...]:
    """Return every articulation but the robot.

    Args:
        session: the simulation.
        model: the same world in MuJoCo.
    """
    casings: dict[str, dict[str, str]] = {}
    parents = np.asarray(model.body_parentid)
    for index in range(int(model.njnt)):
        joint = model.joint(index)
        if int(joint.type[0]) == int(mujoco.mjtJoint.mjJNT_FREE) or joint.name in JOINT_NAMES:
            continue
        body = int(joint.bodyid[0])
        root = model.body(int(model.body_rootid[body])).name
        casings.setdefault(root, {})[joint.name] = model.body(int(parents[body])).name
    return tuple(
        Mechanism(session, SceneFile.body(root), joints) for root, joints in casings.items()
    )


def fixture_name(joint: str) -> str:
    """Return the name of the fixture whose part is on a joint."""
    return joint.removesuffix("_joint")
