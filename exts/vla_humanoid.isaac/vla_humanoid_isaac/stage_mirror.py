"""Shows a world in a USD stage: shapes to look at, moved to where the bodies are.

Nothing of it simulates. It goes to the stage's session layer, so the user's file stays as it is.
"""

from typing import TYPE_CHECKING

from pxr import Gf, Sdf, Usd, UsdGeom

from vla_humanoid_isaac.stage_frame import world_to_stage
from vla_humanoid_isaac.stage_shapes import add_shape

if TYPE_CHECKING:
    from vla_humanoid.schema import WorldState
    from vla_humanoid.viewer.visual_world import VisualWorld

ROOT = Sdf.Path("/VlaHumanoid")
"""Where everything is shown; nothing of the user's is there."""
_TRANSLATE, _ORIENT = "xformOp:translate", "xformOp:orient"


class StageMirror:
    """Shows one world, in one stage at a time; it holds no stage, so any may be closed.

    Args:
        world: what it looks like.
    """

    def __init__(self, world: "VisualWorld") -> None:
        self._world = world
        self._is_built = False

    def show(self, stage: Usd.Stage, state: "WorldState") -> None:
        """Move every body to where it is in a world state of any engine.

        The first time, and in a stage that has not got them, the bodies are made.

        Raises:
            ValueError: if the state lacks an object of this world.
        """
        poses = self._world.poses(state)
        layer = stage.GetSessionLayer()
        if not (self._is_built and layer.GetPrimAtPath(ROOT)):
            self._build(stage)
        with Sdf.ChangeBlock():  # One notice for all changes: Kit works through each by itself.
            for name, pose in poses.items():
                path = ROOT.AppendChild(name)
                x, y, z = pose.position.tolist()
                w, i, j, k = pose.quat_wxyz.tolist()
                translate = layer.GetAttributeAtPath(path.AppendProperty(_TRANSLATE))
                translate.default = Gf.Vec3d(x, y, z)
                orient = layer.GetAttributeAtPath(path.AppendProperty(_ORIENT))
                orient.default = Gf.Quatd(w, i, j, k)

    def _build(self, stage: Usd.Stage) -> None:
        remove_mirror(stage)
        with Usd.EditContext(stage, stage.GetSessionLayer()):
            root = UsdGeom.Xform.Define(stage, ROOT)
            root.AddTransformOp().Set(world_to_stage(stage))
            for body in self._world.bodies:
                path = ROOT.AppendChild(body.name)
                frame = UsdGeom.Xform.Define(stage, path)
                frame.AddTranslateOp().Set(Gf.Vec3d(0.0))
                frame.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(1.0))
                for number, shape in enumerate(body.shapes):
                    add_shape(stage, path.AppendChild(f"shape_{number}"), shape)
        self._is_built = True


def remove_mirror(stage: Usd.Stage) -> None:
    """Leave a stage as it was."""
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        stage.RemovePrim(ROOT)
