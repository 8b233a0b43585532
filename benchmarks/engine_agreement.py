"""Whether an engine simulates the robot that MuJoCo compiles: masses, poses, inertia, motors."""

import mujoco
import numpy as np
from agreement_states import largest_share, mass_matrix, random_state, relative_error, turned_by
from balance_report import Row, Settings
from numpy.typing import ArrayLike

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.rotations import quat_to_matrix
from vla_humanoid.schema import FloatArray, JointCommand
from vla_humanoid.sims.mujoco_state import MujocoStateMap
from vla_humanoid.sims.physx.simulation import PhysxSimulation

POSTURES = 50


def measure_agreement(settings: Settings) -> list[Row]:
    """Compare PhysX's robot with MuJoCo's, in random postures where that matters."""
    simulation = PhysxSimulation(build_world(Scene()))
    differences = [_in_posture(simulation, seed) for seed in settings.seeds(POSTURES)]
    places, turns, inertia = np.max(differences, axis=0)
    rows = [
        Row("physx: total mass against MuJoCo's", "1 g", f"{1e3 * _mass(simulation):.4f} g"),
        Row(
            f"physx: link positions in {len(differences)} postures",
            "1 um",
            f"{1e6 * places:.2f} um at most",
        ),
        Row("physx: link orientations in these", "", f"{1e6 * turns:.2f} urad at most"),
        Row(
            "physx: mass matrix in these, against the roots of its diagonal",
            "0.1 %",
            f"{100 * inertia:.5f} % at most",
        ),
        *_joint_rows(simulation),
    ]
    simulation.close()
    return rows


def _mass(simulation: PhysxSimulation) -> float:
    theirs = simulation.articulation("ARTICULATION_BODY_MASS").read().sum(dtype=np.float64)
    return abs(float(theirs) - float(simulation.model.body("pelvis").subtreemass[0]))


def _in_posture(simulation: PhysxSimulation, seed: int) -> tuple[float, float, float]:
    """Return how far links [m], [rad] and the mass matrix [share] are off at most."""
    state = random_state(seed)
    simulation.reset(state)
    model = simulation.model
    data = mujoco.MjData(model)
    MujocoStateMap(model).write(state, data)
    mujoco.mj_forward(model, data)
    links = simulation.articulation("ARTICULATION_LINK_POSE")
    positions = np.array([data.body(name).xpos for name in links.binding.body_names])
    quats_wxyz = np.array([data.body(name).xquat for name in links.binding.body_names])
    poses = links.read()[0].astype(np.float64)
    off = np.linalg.norm(poses[:, :3] - positions, axis=1)
    turned = turned_by(poses[:, [6, 3, 4, 5]], quats_wxyz)
    ours = _mass_matrix(simulation, data)
    theirs = simulation.articulation("ARTICULATION_MASS_MATRIX").read()[0].astype(np.float64)
    # PhysX leaves the rotors' inertia out of what it reports, and has it in what it simulates.
    armature = simulation.articulation("ARTICULATION_DOF_ARMATURE").read()[0]
    theirs[6:, 6:] += np.diag(armature)
    return float(off.max()), float(turned.max()), largest_share(theirs, ours)


def _mass_matrix(simulation: PhysxSimulation, data: mujoco.MjData) -> FloatArray:
    """Return MuJoCo's mass matrix in PhysX's coordinates.

    Those are the velocity of the pelvis's centre of mass and its angular velocity, world frame,
    and the joints in PhysX's order; MuJoCo has the velocity of the pelvis's origin, and its angular
    velocity in its own frame.
    """
    model = simulation.model
    size, base = int(model.nv), int(model.joint("floating_base").dofadr[0])
    matrix = mass_matrix(model, data)
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
    numbers = [int(model.joint(name).id) for name in names]
    dofs = [int(model.joint(name).dofadr[0]) for name in names]
    wanted: dict[str, tuple[str, ArrayLike]] = {
        "joint limits": ("ARTICULATION_DOF_LIMIT", model.jnt_range[numbers]),
        "effort limits": ("ARTICULATION_DOF_MAX_FORCE", model.jnt_actfrcrange[numbers, 1]),
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
        off = relative_error(theirs, np.asarray(values, dtype=np.float64))
        rows.append(Row(f"physx: {what}", "exact", f"{off:.1e} of their size at most"))
    return rows
