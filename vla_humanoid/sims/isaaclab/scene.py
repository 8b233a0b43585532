"""What every world is made of, as Isaac Lab wants to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from isaaclab.actuators import ImplicitActuatorCfg
from isaaclab.assets import (
    ArticulationCfg,
    AssetBaseCfg,
    RigidObjectCfg,
    RigidObjectCollectionCfg,
)
from isaaclab.scene import InteractiveSceneCfg
from isaaclab.sim import DomeLightCfg

from vla_humanoid.assets.postures import READY, READY_PELVIS_POSITION
from vla_humanoid.assets.scenery import SURFACE_FRICTION
from vla_humanoid.sims.isaaclab.asset_files import asset_file, robot_file
from vla_humanoid.sims.isaaclab.cameras import camera_cfgs
from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.engines import Physics
from vla_humanoid.sims.isaaclab.stock import Stock

ROBOT, THINGS, FIXTURES = "robot", "things", "fixtures"
"""Names of a scene's entities: things are handled, fixtures stand where an episode has them."""
FLOOR = "floor"
"""The body among the fixtures that everything stands on."""

_FLOOR_FRICTION = SURFACE_FRICTION[0]
FLOOR_THICKNESS = 0.2
_MISTAKEN = (6, 7, 9)
TABLETOP_SPACING, HALL_SPACING = 5.0, 14.0
"""Width of a world's floor where the robot stands at a table, and where it walks [m]."""
PARKING_HEIGHT, PARKING_GAP = -20.0, 0.8
"""Height at which bodies wait that an episode has no use for, and the distance between two [m]."""


@dataclass(frozen=True)
class WorldPlan:
    """What the worlds of an environment are made of.

    Args:
        assets: folder of the catalogue's files.
        stock: the bodies of each world.
        num_envs: number of worlds.
        cameras: that are rendered.
        image_size: height and width of images [px].
        physics: the engine.
    """

    assets: Path
    stock: Stock
    num_envs: int
    cameras: tuple[str, ...]
    image_size: int
    physics: Physics

    @property
    def spacing(self) -> float:
        """Distance between the origins of two worlds [m]."""
        return TABLETOP_SPACING if self.stock.table else HALL_SPACING


def scene_cfg(plan: WorldPlan) -> InteractiveSceneCfg:
    """Return the configuration of a scene with all the worlds of a plan."""
    scene = dialect().scene_cfg(plan.num_envs, plan.spacing)
    things = plan.stock.thing_bodies
    entities: dict[str, object] = {
        ROBOT: _robot(plan.assets),
        **dialect().wrench_sensors("{ENV_REGEX_NS}/Robot"),
        "light": AssetBaseCfg(prim_path="/World/light", spawn=DomeLightCfg(intensity=1500.0)),
    }
    fixtures = _bodies(plan.assets, "Fixture", plan.stock.fixture_bodies, kinematic=True)
    fixtures[FLOOR] = _floor(plan.spacing)
    entities[FIXTURES] = _collection(fixtures)
    if things:
        entities[THINGS] = _collection(_bodies(plan.assets, "Thing", things, kinematic=False))
    entities |= camera_cfgs(plan.cameras, plan.image_size, plan.physics)
    for name, entity in entities.items():
        setattr(scene, name, entity)
    return scene


def _floor(width: float) -> RigidObjectCfg:
    """Return the floor of one world: a plate of its own, which can be tilted."""
    return RigidObjectCfg(
        prim_path="{ENV_REGEX_NS}/Fixture_floor",
        spawn=dialect().plate_cfg(
            (width, width, FLOOR_THICKNESS), _FLOOR_FRICTION, color=(0.55, 0.57, 0.60)
        ),
        init_state=RigidObjectCfg.InitialStateCfg(pos=(0.0, 0.0, -0.5 * FLOOR_THICKNESS)),
    )


def _robot(assets: Path) -> ArticulationCfg:
    """Return the robot; gains and torques come with every command."""
    return ArticulationCfg(
        prim_path="{ENV_REGEX_NS}/Robot",
        spawn=dialect().file_cfg(str(robot_file(assets)), kinematic=False),
        init_state=ArticulationCfg.InitialStateCfg(
            pos=READY_PELVIS_POSITION, joint_pos={name: float(q) for name, q in READY.items()}
        ),
        actuators={
            "motors": ImplicitActuatorCfg(joint_names_expr=[".*"], stiffness=1.0, damping=1.0)
        },
    )


def _collection(bodies: dict[str, RigidObjectCfg]) -> RigidObjectCollectionCfg:
    """Return a collection of bodies, with spare ones where their number would be mistaken.

    Isaac Lab's OvPhysX backend takes a table with as many columns as there are bodies for one that
    has a column for each: poses have 7, twists 6, inertias 9.
    """
    name, example = next(iter(bodies.items()))
    padded = dict(bodies)
    while len(padded) in _MISTAKEN:
        spare = f"{name}_spare{len(padded)}"
        padded[spare] = RigidObjectCfg(
            prim_path=example.prim_path.replace(name, spare),
            spawn=example.spawn,
            init_state=RigidObjectCfg.InitialStateCfg(
                pos=parking_place(len(padded), fixture=FLOOR in bodies)
            ),
        )
    return RigidObjectCollectionCfg(rigid_objects=padded)


def _bodies(
    assets: Path, prefix: str, bodies: Mapping[str, str], *, kinematic: bool
) -> dict[str, RigidObjectCfg]:
    """Return rigid bodies of the catalogue, put away."""
    return {
        name: RigidObjectCfg(
            prim_path=f"{{ENV_REGEX_NS}}/{prefix}_{name}",
            spawn=dialect().file_cfg(str(asset_file(assets, asset)), kinematic=kinematic),
            init_state=RigidObjectCfg.InitialStateCfg(pos=parking_place(k, fixture=kinematic)),
        )
        for k, (name, asset) in enumerate(bodies.items())
    }


def parking_place(index: int, *, fixture: bool) -> tuple[float, float, float]:
    """Return where a body waits that no episode needs, below the floor [m]."""
    row, column = divmod(index, 5)
    # Fixtures wait above things, which fall.
    height = PARKING_HEIGHT + (5.0 if fixture else 0.0)
    return PARKING_GAP * (column - 2), PARKING_GAP * (row - 4), height
