"""Colours of shapes, in the pictures of Newton's renderer."""

from collections.abc import Mapping

import torch
import warp
from isaaclab.sim import SimulationContext
from isaaclab_newton.physics import NewtonBackendCfg

from vla_humanoid.assets.scene import Rgb


class Paint:
    """Colours shapes of a running simulation.

    Args:
        sim: has a camera that Newton renders.
    """

    def __init__(self, sim: SimulationContext) -> None:
        wanted = NewtonBackendCfg(physics_cfg=sim.cfg.physics, device=sim.device)
        model = sim.get_or_create_backend(wanted).model
        self._colors = warp.to_torch(model.shape_color)
        self._shapes = {label: shape for shape, label in enumerate(model.shape_label)}

    def paint(self, colors: Mapping[str, Rgb]) -> None:
        """Give shapes, by path, their colours."""
        shapes = [self._shapes[path] for path in colors]
        rows = torch.tensor([*colors.values()], dtype=torch.float32, device=self._colors.device)
        self._colors[shapes] = rows
