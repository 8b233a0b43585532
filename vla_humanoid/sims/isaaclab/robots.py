"""The robots of all worlds: their states and their commands, joints and links by name."""

from collections.abc import Mapping, Sequence

import numpy as np
from isaaclab.assets import Articulation
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, g1
from vla_humanoid.schema import REPORTED_LINKS, SIDES, FloatArray, JointCommand, Pose, RobotState
from vla_humanoid.sims.isaaclab.dialect import JointWrenches, dialect
from vla_humanoid.sims.isaaclab.foot_wrenches import FEET, FootWrenches
from vla_humanoid.sims.isaaclab.tensors import (
    body_state,
    indices,
    local_poses,
    numbers,
    pose_row,
    tensor,
    twist_row,
)

_EFFORT = np.array([joint.effort for joint in g1().joints])
_BASE = REPORTED_LINKS.index("pelvis")
_FEET = np.array([REPORTED_LINKS.index(foot) for foot in FEET])
# A rotation matrix is the product of two matrices of the quaternion's own numbers.
_LEFT = np.array([[1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]])
_LEFT_SIGNS = np.array([[-1, 1, -1, 1], [-1, 1, 1, -1], [-1, -1, 1, 1]])
_RIGHT_SIGNS = np.array([[-1, 1, 1, -1], [-1, -1, 1, 1], [-1, 1, -1, 1]])


class Robots:
    """The robots of all worlds.

    Args:
        robot: Isaac Lab's articulation.
        wrenches: what reads the wrenches in its joints.
        origins: of the worlds [m], shape (worlds, 3).

    Raises:
        ValueError: if the articulation lacks a joint or a link; the message names it.
    """

    def __init__(self, robot: Articulation, wrenches: JointWrenches, origins: FloatArray) -> None:
        self.articulation = robot
        """Isaac Lab's."""
        self._origins = origins
        self._device = str(robot.device)
        self.joints = _places(JOINT_NAMES, robot.joint_names)
        """Where the joints of `JOINT_NAMES` stand in the engine's order."""
        self._links = _places(REPORTED_LINKS, robot.body_names)
        self._torso = list(robot.body_names).index("torso_link")
        self._wrenches = FootWrenches(robot, wrenches)
        worlds, joints = len(origins), len(JOINT_NAMES)
        self._gains: list[tuple[FloatArray, FloatArray] | None] = [None] * worlds
        self._pushes = np.zeros((worlds, 3))
        self.strength = np.ones((worlds, joints))
        """Factor on each motor's torque, in the order of `JOINT_NAMES`."""

    def read(self) -> list[RobotState]:
        """Return the state of every robot, each in its own world's frame."""
        data = self.articulation.data
        positions = numbers(data.joint_pos, self.joints)
        velocities = numbers(data.joint_vel, self.joints)
        twists = numbers(data.root_link_vel_w)
        where, quats = local_poses(numbers(data.body_link_pose_w, self._links), self._origins)
        wrenches = self._wrenches.read(rotation_matrices(quats[:, _FEET]))
        return [
            RobotState(
                base=body_state(where[k, _BASE], quats[k, _BASE], twists[k]),
                joint_positions=positions[k],
                joint_velocities=velocities[k],
                foot_wrenches=dict(zip(SIDES, wrenches[k], strict=True)),
                links=dict(zip(REPORTED_LINKS, map(Pose, where[k], quats[k]), strict=True)),
            )
            for k in range(len(self._origins))
        ]

    def write(self, states: Mapping[int, RobotState]) -> None:
        """Put the robots of some worlds into states, their motors slack."""
        ids, robot, device = indices([*states], self._device), self.articulation, self._device
        bases = [pose_row(state.base.pose, self._origins[k]) for k, state in states.items()]
        twists = [twist_row(state.base.twist) for state in states.values()]
        positions = np.stack([state.joint_positions for state in states.values()])
        velocities = np.stack([state.joint_velocities for state in states.values()])
        dialect().write_root(
            robot, tensor(np.stack(bases), device), tensor(np.stack(twists), device), ids
        )
        dialect().write_joints(
            robot,
            tensor(self.in_engine_order(positions), device),
            tensor(self.in_engine_order(velocities), device),
            ids,
        )
        for world in states:
            self._gains[world] = None

    def command(self, commands: Mapping[int, JointCommand]) -> None:
        """Give commands to the motors of some worlds; the others keep theirs.

        A motor's law is the engine's drive, which it integrates implicitly, plus a torque.
        """
        worlds = [*commands]
        changed = {k: command for k, command in commands.items() if self._takes_gains(k, command)}
        if changed:
            self._set_gains(changed)
        rows = np.array([(c.position, c.velocity, c.torque) for c in commands.values()])
        rows[:, 2] = self.strength[worlds] * np.clip(rows[:, 2], -_EFFORT, _EFFORT)
        handed = tensor(self.in_engine_order(rows), self._device)
        position, velocity, effort = handed.unbind(1)
        dialect().command(self.articulation, position, velocity, effort, worlds)

    def push(self, forces: Mapping[int, FloatArray]) -> None:
        """Apply forces [N], world frame, at the torso's centre of mass until the next call."""
        wanted = self._pushes.copy()
        for world, force in forces.items():
            wanted[world] = force
        turns = dialect().pushes_turn_with_links and wanted.any()
        if np.array_equal(wanted, self._pushes) and not turns:
            return
        self._pushes = wanted
        dialect().push(
            self.articulation,
            tensor(wanted[:, None], self._device),
            tensor(np.zeros_like(wanted)[:, None], self._device),
            self._torso,
        )

    def in_engine_order(self, rows: FloatArray) -> FloatArray:
        """Reorder the last axis from `JOINT_NAMES` to the engine's order."""
        reordered = np.empty_like(rows)
        reordered[..., self.joints] = rows
        return reordered

    def _takes_gains(self, world: int, command: JointCommand) -> bool:
        """Note the gains of a command; return whether they are new to its world."""
        gains = self._gains[world]
        self._gains[world] = command.kp, command.kd
        return gains is None or command.kp is not gains[0] or command.kd is not gains[1]

    def _set_gains(self, commands: Mapping[int, JointCommand]) -> None:
        ids, strength = indices([*commands], self._device), self.strength[[*commands]]
        kp = strength * np.stack([command.kp for command in commands.values()])
        kd = strength * np.stack([command.kd for command in commands.values()])
        dialect().write_gains(
            self.articulation,
            tensor(self.in_engine_order(kp), self._device),
            tensor(self.in_engine_order(kd), self._device),
            ids,
        )


def _places(names: Sequence[str], among: Sequence[str]) -> NDArray[np.intp]:
    if missing := sorted(set(names) - set(among)):
        raise ValueError(
            f"The robot's USD file has no {', '.join(missing)}; export the catalogue again."
        )
    return np.array([list(among).index(name) for name in names])


def rotation_matrices(quats: FloatArray) -> FloatArray:
    """Return the matrices of unit quaternions (w, x, y, z), shape (..., 3, 3)."""
    numbers_of_each = quats[..., _LEFT]
    right = np.swapaxes(numbers_of_each * _RIGHT_SIGNS, -1, -2)
    return (numbers_of_each * _LEFT_SIGNS) @ right
