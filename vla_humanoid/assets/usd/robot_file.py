"""The USD file of the robot: links side by side, joints, one articulation."""

from pathlib import Path

from pxr import Usd

from vla_humanoid.assets.usd.conversion import Converted
from vla_humanoid.assets.usd.joints import add_joint
from vla_humanoid.assets.usd.links import add_articulation, add_links, filter_pairs
from vla_humanoid.assets.usd.parts import IDENTITY, WorldParts
from vla_humanoid.assets.usd.stages import new_stage, set_float, set_pose

CONTACT_REPORTS = ("left_ankle_roll_link", "right_ankle_roll_link")
"""Links whose contact forces are reported."""


def write_robot(path: Path, parts: WorldParts, converted: Converted) -> None:
    """Write the robot: its links as siblings below ``/Robot``, its joints in ``/Robot/Joints``."""
    stage = new_stage(path, "Robot", "component")
    robot = stage.GetDefaultPrim()
    set_pose(robot, IDENTITY)
    scope = add_links(stage, parts, converted, parts.links, IDENTITY)
    for link in parts.links[1:]:
        add_joint(stage, parts, converted, link, scope)
    base = robot.GetPath().AppendChild(parts.name(parts.links[0]))
    add_articulation(stage.GetPrimAtPath(base))
    filter_pairs(stage, parts, parts.links)
    _add_contact_reports(robot)
    stage.Save()


def _add_contact_reports(robot: Usd.Prim) -> None:
    for name in CONTACT_REPORTS:
        prim = robot.GetChild(name)
        if prim.IsValid():
            prim.AddAppliedSchema("PhysxContactReportAPI")
            set_float(prim, "physxContactReport:threshold", 0.0)
