"""Whether Newton simulates, in Isaac Lab, the robot that MuJoCo compiles.

What is compared is what Newton's solver works with, after all conversions: USD to Isaac Lab to
Newton to MuJoCo Warp. It runs where Isaac Lab is installed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, cast

import mujoco
import mujoco_warp
import numpy as np
from agreement_states import largest_share, mass_matrix, random_state, relative_error, turned_by
from balance_report import Row
from isaaclab_newton.physics import NewtonManager

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.envs.isaaclab.batch_env import HumanoidBatchEnv
from vla_humanoid.envs.isaaclab.entry import make_batch_env
from vla_humanoid.schema import FloatArray, JointCommand, RobotState
from vla_humanoid.sims.isaaclab.tensors import local_poses, numbers
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation
from vla_humanoid.sims.mujoco_state import MujocoStateMap

_BODY = "_World_envs_env_0_Robot_"
_JOINT = _BODY + "Joints_"
_ROOT = _BODY + "pelvis_free_joint"


class _Array(Protocol):
    def numpy(self) -> FloatArray: ...


class _Solver(Protocol):
    """What Newton's solver keeps; host copies hold names, Warp's hold what is simulated."""

    mj_model: mujoco.MjModel
    mjw_model: mujoco_warp.Model
    mjw_data: mujoco_warp.Data


@dataclass(frozen=True)
class Agreement:
    """How far Newton's robot is from MuJoCo's, at most.

    Args:
        mass: total [kg].
        places: of links [m].
        turns: of links [rad].
        inertia: of the mass matrix, against the roots of its diagonal.
        joints: limits, gains and the like of joints, as a share of their size.
    """

    mass: float
    places: float
    turns: float
    inertia: float
    joints: dict[str, float]


def measure_newton(seeds: Iterable[int]) -> Agreement:
    """Compare Newton's robot with MuJoCo's, in random postures where that matters."""
    env = make_batch_env("StandStill", physics="newton", randomization="none", stock_seeds=(0,))
    env.reset(seed=0)
    model = MujocoSimulation(build_world(Scene())).model
    places, turns, inertia = np.max([_in_posture(env, model, seed) for seed in seeds], axis=0)
    total = numbers(env.worlds.robots.articulation.data.body_mass).sum()
    agreement = Agreement(
        mass=abs(float(total - model.body("pelvis").subtreemass[0])),
        places=float(places),
        turns=float(turns),
        inertia=float(inertia),
        joints=_joints(env, model),
    )
    env.close()
    return agreement


def newton_rows(seeds: range) -> list[Row]:
    """Return the rows of the model's agreement."""
    found = measure_newton(seeds)
    postures = f"in {len(seeds)} postures"
    return [
        Row("newton: total mass against MuJoCo's", "1 g", f"{1e3 * found.mass:.4f} g"),
        Row(f"newton: link positions {postures}", "1 um", f"{1e6 * found.places:.2f} um at most"),
        Row("newton: link orientations in these", "", f"{1e6 * found.turns:.2f} urad at most"),
        Row(
            "newton: mass matrix in these, against the roots of its diagonal",
            "0.1 %",
            f"{100 * found.inertia:.5f} % at most",
        ),
        *(
            Row(f"newton: {what}", "exact", f"{off:.1e} of their size at most")
            for what, off in found.joints.items()
        ),
    ]


def _solver() -> _Solver:
    return cast("_Solver", NewtonManager._solver)


def _in_posture(
    env: HumanoidBatchEnv, model: mujoco.MjModel, seed: int
) -> tuple[float, float, float]:
    """Return how far links [m], [rad] and the mass matrix [share] are off at most."""
    state = random_state(seed)
    data = mujoco.MjData(model)
    MujocoStateMap(model).write(state, data)
    mujoco.mj_forward(model, data)
    robots, robot = env.worlds.robots, env.worlds.robots.articulation
    robots.write({0: state.robot})
    env.sim.forward()
    where, quats = local_poses(numbers(robot.data.body_link_pose_w), _origins(env))
    positions = np.array([data.body(name).xpos for name in robot.body_names])
    quats_wxyz = np.array([data.body(name).xquat for name in robot.body_names])
    theirs, ours = _mass_matrices(env, state.robot, model, data)
    return (
        float(np.linalg.norm(where[0] - positions, axis=1).max()),
        float(turned_by(quats[0], quats_wxyz).max()),
        largest_share(theirs, ours),
    )


def _origins(env: HumanoidBatchEnv) -> FloatArray:
    return env.scene.env_origins.cpu().numpy().astype(np.float64)


def _mass_matrices(
    env: HumanoidBatchEnv, robot: RobotState, model: mujoco.MjModel, data: mujoco.MjData
) -> tuple[FloatArray, FloatArray]:
    """Return Newton's mass matrix, which it computes when it steps, and MuJoCo's, joints alike."""
    env.sim.step(render=False)
    solver = _solver()
    theirs = mujoco.MjData(solver.mj_model)
    mujoco_warp.get_data_into(theirs, solver.mj_model, solver.mjw_data)
    env.worlds.robots.write({0: robot})
    places = [_dofs(solver.mj_model, _ROOT, _JOINT), _dofs(model, "floating_base", "")]
    found = [mass_matrix(solver.mj_model, theirs), mass_matrix(model, data)]
    one, other = (matrix[np.ix_(dofs, dofs)] for matrix, dofs in zip(found, places, strict=True))
    return one, other


def _dofs(model: mujoco.MjModel, root: str, prefix: str) -> list[int]:
    """Return where the base's and the joints' velocities stand, joints as in `JOINT_NAMES`."""
    base = int(model.joint(root).dofadr[0])
    joints = [int(model.joint(prefix + name).dofadr[0]) for name in JOINT_NAMES]
    return [*range(base, base + 6), *joints]


def _joints(env: HumanoidBatchEnv, model: mujoco.MjModel) -> dict[str, float]:
    """Compare what joints and motors are made of, the latter after a command."""
    solver = _solver()
    theirs, host = solver.mjw_model, solver.mj_model
    ids = [int(host.joint(_JOINT + name).id) for name in JOINT_NAMES]
    dofs = _dofs(host, _ROOT, _JOINT)[6:]
    our_ids = [int(model.joint(name).id) for name in JOINT_NAMES]
    our_dofs = _dofs(model, "floating_base", "")[6:]
    stiffness, damping = _gains(env, ids)
    pairs = {
        "joint limits": (theirs.jnt_range, ids, model.jnt_range[our_ids]),
        "effort limits": (theirs.jnt_actfrcrange, ids, model.jnt_actfrcrange[our_ids]),
        "armature": (theirs.dof_armature, dofs, model.dof_armature[our_dofs]),
        "dry friction": (theirs.dof_frictionloss, dofs, model.dof_frictionloss[our_dofs]),
        "viscous friction": (theirs.dof_damping, dofs, np.ravel(model.dof_damping)[our_dofs]),
    }
    return {
        **{
            what: relative_error(_first_world(array)[places], wanted)
            for what, (array, places, wanted) in pairs.items()
        },
        "motor stiffness as commanded": stiffness,
        "motor damping as commanded": damping,
    }


def _first_world(array: object) -> FloatArray:
    values = cast("_Array", array).numpy()[0].astype(np.float64)
    return np.ravel(values) if values.ndim > 1 and values.shape[1] == 1 else values


def _gains(env: HumanoidBatchEnv, joints: list[int]) -> tuple[float, float]:
    """Return how far stiffness and damping are from those of a command, as shares of them."""
    rng = np.random.default_rng(0)
    kp, kd, zero = *rng.uniform(0.1, 200.0, (2, len(joints))), np.zeros(len(joints))
    env.worlds.command({0: JointCommand(zero, zero, kp, kd, zero)})
    env.scene.write_data_to_sim()
    env.sim.step(render=False)
    solver = _solver()
    of_joint = np.array(solver.mj_model.actuator_trnid)[:, 0]
    bias = _first_world(solver.mjw_model.actuator_biasprm)
    rows = [bias[of_joint == joint] for joint in joints]
    # Each joint has an actuator that pulls it to a position and one that brakes it.
    stiffness = np.array([-row[:, 1].sum() for row in rows])
    damping = np.array([-row[:, 2].sum() for row in rows])
    return relative_error(stiffness, kp), relative_error(damping, kd)
