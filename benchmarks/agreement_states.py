"""What engines are compared in: postures, and how far poses and inertias are apart."""

from dataclasses import replace

import mujoco
import numpy as np

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.control.rotations import rotvec_to_quat
from vla_humanoid.envs.dynamics import sample_dynamics
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.schema import FloatArray, Pose, RigidBodyState, WorldState
from vla_humanoid.tasks.core.locomotion import WALKING_PUSHES
from vla_humanoid.tasks.core.randomization import EpisodeRandom


def random_state(seed: int) -> WorldState:
    """Return a robot at rest anywhere within its joints' ranges, turned and moved at random."""
    rng = np.random.default_rng(seed)
    dynamics = sample_dynamics(EpisodeRandom(0, frozenset()), WALKING_PUSHES, carries_payload=False)
    state = initial_state(Scene(), dynamics)
    low, high = np.array([JOINT_RANGES[name] for name in JOINT_NAMES]).T
    pose = Pose(rng.uniform(-1.0, 1.0, 3), rotvec_to_quat(rng.uniform(-1.5, 1.5, 3)))
    base = RigidBodyState(pose, state.robot.base.twist)
    positions = rng.uniform(low, high)
    return replace(state, robot=replace(state.robot, base=base, joint_positions=positions))


def mass_matrix(model: mujoco.MjModel, data: mujoco.MjData) -> FloatArray:
    """Return MuJoCo's mass matrix, shape (nv, nv); each column is what a unit velocity makes."""
    size = int(model.nv)
    matrix = np.empty((size, size))
    for column, unit in enumerate(np.eye(size)):
        mujoco.mj_mulM(model, data, matrix[column], unit)
    return matrix


def turned_by(quats_wxyz: FloatArray, others_wxyz: FloatArray) -> FloatArray:
    """Return the small angles between orientations [rad], shape (n,)."""
    apart = [np.linalg.norm(quats_wxyz - s * others_wxyz, axis=-1) for s in (1.0, -1.0)]
    return 2.0 * np.minimum(*apart)


def largest_share(theirs: FloatArray, ours: FloatArray) -> float:
    """Return how far mass matrices differ, against the roots of the diagonal's products."""
    scale = np.sqrt(np.outer(np.diag(ours), np.diag(ours)))
    return float((np.abs(theirs - ours) / scale).max())


def relative_error(theirs: FloatArray, ours: FloatArray) -> float:
    """Return the largest difference of two arrays, as a share of each number that is not 0."""
    return float((np.abs(theirs - ours) / np.where(ours == 0.0, 1.0, np.abs(ours))).max())
