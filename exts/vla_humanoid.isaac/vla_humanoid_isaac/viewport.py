"""Shows a session in the stage that is open, and over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import omni.usd
from pxr import Usd

from vla_humanoid.viewer.reading import Reading
from vla_humanoid_isaac.debug_drawing import DebugDrawing
from vla_humanoid_isaac.stage_frame import world_to_stage
from vla_humanoid_isaac.stage_mirror import StageMirror, remove_mirror

if TYPE_CHECKING:
    from vla_humanoid.envs.episode import Episode


class Viewport:
    """The robot and its scene as prims, balance and targets as drawings."""

    def __init__(self) -> None:
        self._drawing = DebugDrawing()
        self._mirror: StageMirror | None = None

    def begin(self, episode: Episode) -> None:
        """Take the scene of another episode; it is shown with the next reading."""
        # Only now: the environment has seen to it that mujoco can be imported.
        from vla_humanoid.viewer.visual_world import VisualWorld

        self._mirror = StageMirror(VisualWorld(episode.scene, episode.dynamics.payload))

    def show(self, reading: Reading) -> None:
        """Show a moment of the episode; does nothing while no stage is open."""
        stage = open_stage()
        if stage is not None and self._mirror is not None:
            self._mirror.show(stage, reading.world)
            self._drawing.show(reading.drawings, np.array(world_to_stage(stage)))

    def clear(self) -> None:
        """Show nothing, and leave the stage as it was."""
        self._drawing.clear()
        self._mirror = None
        stage = open_stage()
        if stage is not None:
            remove_mirror(stage)


def open_stage() -> Usd.Stage | None:
    """Return the stage that Kit shows, or None."""
    return omni.usd.get_context().get_stage()
