"""Whether an engine simulates the robot that MuJoCo compiles: masses, poses, inertia, motors."""

from dataclasses import replace

import mujoco
import numpy as np
from balance_report import Row, Settings
from numpy.typing import ArrayLike

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES, g1
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.rotations import quat_to_matrix, rotvec_to_quat
from vla_humanoid.envs.dynamics import sample_dynamics
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.schema import FloatArray, JointCommand, Pose, RigidBodyState, WorldState
from vla_humanoid.sims.mujoco_state import MujocoStateMap
from vla_humanoid.sims.physx.simulation import PhysxSimulation
from vla_humanoid.tasks.core.locomotion import WALKING_PUSHES
from vla_humanoid.tasks.core.randomization import EpisodeRandom

POSTURES = 50


def measure_agreement(settings: Settings) -> list[Row]:
    """Compare PhysX's robot with MuJoCo's, in random postures where that matters."""
    simulation = PhysxSimulation(build_world(Scene()))
    differences = [_in_posture(simulation, seed) for seed in settings.seeds(POSTURES)]
    links, inertia = np.max(differences, axis=0)
    rows = [
        Row("physx: total mass against MuJoCo's", "1 g", f"{1e3 * _mass(simulation):.4f} g"),
        Row(
            f"physx: link positions in {len(differences)} postures",
            "1 um",
            f"{1e6 * links:.2f} um at most",
        ),
        Row("physx: mass matrix in these", "0.1 %", f"{100 * inertia:.5f} % at most"),
        *_joint_rows(simulation),
    ]
    simulation.close()
    return rows


def _mass(simulation: PhysxSimulation) -> float:
    theirs = simulation.articulation("ARTICULATION_BODY_MASS").read().sum(dtype=np.float64)
    return abs(float(theirs) - sum(link.mass for link in g1().links))


def _in_posture(simulation: PhysxSimulation, seed: int) -> tuple[float, float]:
    """Return the largest difference of a link's position [m] and of the mass matrix [share]."""
    state = _random_state(seed)
    simulation.reset(state)
    model = simulation.model
    data = mujoco.MjData(model)
    MujocoStateMap(model).write(state, data)
    mujoco.mj_forward(model, data)
    links = simulation.articulation("ARTICULATION_LINK_POSE")
    positions = np.array([data.body(name).xpos for name in links.binding.body_names])
    difference = np.abs(links.read()[0, :, :3] - positions).max()
    ours = _mass_matrix(simulation, data)
    theirs = simulation.articulation("ARTICULATION_MASS_MATRIX").read()[0].astype(np.float64)
    # PhysX leaves the rotors' inertia out of what it reports, and has it in what it simulates.
    armature = simulation.articulation("ARTICULATION_DOF_ARMATURE").read()[0]
    theirs[6:, 6:] += np.diag(armature)
    scale = np.sqrt(np.outer(np.diag(ours), np.diag(ours)))
    return float(difference), float((np.abs(theirs - ours) / scale).max())


def _random_state(seed: int) -> WorldState:
    rng = np.random.default_rng(seed)
    dynamics = sample_dynamics(EpisodeRandom(0, frozenset()), WALKING_PUSHES, carries_payload=False)
    state = initial_state(Scene(), dynamics)
    low, high = np.array([JOINT_RANGES[name] for name in JOINT_NAMES]).T
    pose = Pose(rng.uniform(-1.0, 1.0, 3), rotvec_to_quat(rng.uniform(-1.5, 1.5, 3)))
    base = RigidBodyState(pose, state.robot.base.twist)
    positions = rng.uniform(low, high)
    return replace(state, robot=replace(state.robot, base=base, joint_positions=positions))


def _mass_matrix(simulation: PhysxSimulation, data: mujoco.MjData) -> FloatArray:
    """Return MuJoCo's mass matrix in PhysX's coordinates.

    Those are the velocity of the pelvis's centre of mass and its angular velocity, world frame,
    and the joints in PhysX's order; MuJoCo has the velocity of the pelvis's origin, and its angular
    velocity in its own frame.
    """
    model = simulation.model
    size, base = int(model.nv), int(model.joint("floating_base").dofadr[0])
    # Each column is what multiplying by the matrix makes of a unit velocity.
    matrix = np.empty((size, size))
    for column, unit in enumerate(np.eye(size)):
        mujoco.mj_mulM(model, data, matrix[column], unit)
    rotation = quat_to_matrix(data.body("pelvis").xquat)
    x, y, z = rotation @ model.body("pelvis").ipos
    change = np.zeros((size, size))
    change[base : base + 3, :3] = np.eye(3)
    change[base : base + 3, 3:6] = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    change[base + 3 : base + 6, 3:6] = rotation.T
    for column, name in enumerate(simulation.joint_order):
        change[int(model.joint(name).dofadr[0]), 6 + column] = 1.0
    return change.T @ matrix @ change


def _joint_rows(simulation: PhysxSimulation) -> list[Row]:
    """Compare what joints and motors are made of; "exact" is to the last bit of a single."""
    model, names = simulation.model, simulation.joint_order
    joints = {joint.name: joint for joint in g1().joints}
    dofs = [int(model.joint(name).dofadr[0]) for name in names]
    wanted: dict[str, tuple[str, ArrayLike]] = {
        "joint limits": ("ARTICULATION_DOF_LIMIT", [joints[name].range for name in names]),
        "effort limits": ("ARTICULATION_DOF_MAX_FORCE", [joints[name].effort for name in names]),
        "armature": ("ARTICULATION_DOF_ARMATURE", model.dof_armature[dofs]),
        "dry and viscous friction": (
            "ARTICULATION_DOF_FRICTION_PROPERTIES",
            np.stack(
                [
                    model.dof_frictionloss[dofs],
                    model.dof_frictionloss[dofs],
                    np.ravel(model.dof_damping)[dofs],
                ],
                axis=1,
            ),
        ),
    }
    rng = np.random.default_rng(0)
    kp, kd, zero = *rng.uniform(0.1, 200.0, (2, len(names))), np.zeros(len(names))
    simulation.step(JointCommand(zero, zero, kp, kd, zero), 1)
    order = [JOINT_NAMES.index(name) for name in names]
    wanted["motor stiffness as commanded"] = "ARTICULATION_DOF_STIFFNESS", kp[order]
    wanted["motor damping as commanded"] = "ARTICULATION_DOF_DAMPING", kd[order]
    rows: list[Row] = []
    for what, (quantity, values) in wanted.items():
        theirs = simulation.articulation(quantity).read()[0].astype(np.float64)
        ours = np.asarray(values, dtype=np.float64)
        off = np.abs(theirs - ours) / np.maximum(np.abs(ours), 1e-9) * (ours != 0.0)
        rows.append(Row(f"physx: {what}", "exact", f"{off.max():.1e} of their size at most"))
    return rows
