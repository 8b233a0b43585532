"""What is painted on the table."""

from collections.abc import Sequence

import mujoco

from vla_humanoid.assets.geom_groups import VISIBLE_GROUP
from vla_humanoid.assets.scene import Table, TableMark

PAINT_HEIGHT = 0.001
"""How far a spot stands out of the table so that it is not lost in it [m]."""


def add_table_marks(spec: mujoco.MjSpec, marks: Sequence[TableMark], table: Table) -> None:
    """Add painted spots as fixed bodies of their names that nothing touches."""
    for mark in marks:
        body = spec.worldbody.add_body(name=mark.name, pos=[*mark.position, table.height])
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CYLINDER,
            size=[mark.radius, PAINT_HEIGHT, 0.0],
            rgba=[*mark.rgb, 1.0],
            material="plastic",
            group=VISIBLE_GROUP,
            contype=0,
            conaffinity=0,
        )
