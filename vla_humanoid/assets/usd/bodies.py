"""Rigid bodies: pose, mass and inertia, and what PhysX must not do to them."""

import mujoco
from pxr import Gf, Usd, UsdPhysics

from vla_humanoid.assets.usd.parts import WorldParts
from vla_humanoid.assets.usd.stages import set_float, set_int

POSITION_ITERATIONS, VELOCITY_ITERATIONS = 16, 1
"""Of the solver, for free bodies; see `robot_file` for the robot."""
ROLLING_DAMPING = 8000.0
"""Angular damping [1/s] per [m] of rolling friction, which PhysX lacks: a ball of 0.2 m/s then
stops after the same distance as in MuJoCo."""
MAX_DEPENETRATION = 3.0
"""Fastest that bodies are pushed out of each other [m/s]."""


def add_rigid_body(prim: Usd.Prim, parts: WorldParts, body: int) -> None:
    """Make a prim a rigid body with the mass and inertia of a MuJoCo body."""
    UsdPhysics.RigidBodyAPI.Apply(prim)
    _add_mass(prim, parts.model, body)
    prim.AddAppliedSchema("PhysxRigidBodyAPI")
    # MuJoCo's bodies are not slowed by anything but contacts and joints, and never sleep.
    set_float(prim, "physxRigidBody:linearDamping", 0.0)
    set_float(prim, "physxRigidBody:angularDamping", ROLLING_DAMPING * _rolling(parts, body))
    set_float(prim, "physxRigidBody:sleepThreshold", 0.0)
    set_float(prim, "physxRigidBody:stabilizationThreshold", 0.0)
    set_float(prim, "physxRigidBody:maxDepenetrationVelocity", MAX_DEPENETRATION)
    set_int(prim, "physxRigidBody:solverPositionIterationCount", POSITION_ITERATIONS)
    set_int(prim, "physxRigidBody:solverVelocityIterationCount", VELOCITY_ITERATIONS)


def _rolling(parts: WorldParts, body: int) -> float:
    """Return the largest rolling friction of a body's geoms [m]; only condim 6 has any."""
    model, geoms = parts.model, parts.geoms(body)
    return max(
        (float(model.geom_friction[g][2]) for g in geoms if int(model.geom_condim[g]) == 6),
        default=0.0,
    )


def _add_mass(prim: Usd.Prim, model: mujoco.MjModel, body: int) -> None:
    mass = UsdPhysics.MassAPI.Apply(prim)
    mass.CreateMassAttr(float(model.body_mass[body]))
    mass.CreateCenterOfMassAttr(Gf.Vec3f(*model.body_ipos[body].tolist()))
    mass.CreateDiagonalInertiaAttr(Gf.Vec3f(*model.body_inertia[body].tolist()))
    mass.CreatePrincipalAxesAttr(Gf.Quatf(*model.body_iquat[body].tolist()))
