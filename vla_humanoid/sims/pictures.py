"""What the cameras of a simulation see, drawn by MuJoCo whatever the engine."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from vla_humanoid.sims.mujoco_renderer import MujocoRenderer


class Pictures:
    """The part of a simulation that renders; see `vla_humanoid.sims.simulation.Simulation`.

    Args:
        model: the compiled world.
        cameras: the cameras that will be rendered; none needs no graphics library.
        image_size: height and width of images [px].
    """

    def __init__(self, model: mujoco.MjModel, cameras: tuple[str, ...], image_size: int) -> None:
        self.model = model
        self.data = mujoco.MjData(model)
        self._renderer = MujocoRenderer(model, image_size) if cameras else None

    def render(self, camera: str) -> NDArray[np.uint8]:
        """Return an image, shape (height, width, 3)."""
        return self._ready_renderer().color(self.data, camera)

    def render_depth(self, camera: str) -> NDArray[np.float32]:
        """Return metric depth along the optical axis [m], shape (height, width)."""
        return self._ready_renderer().depth(self.data, camera)

    def render_segmentation(self, camera: str) -> NDArray[np.int32]:
        """Return, for every pixel, an index into `segments` or -1, shape (height, width)."""
        return self._ready_renderer().segmentation(self.data, camera)

    @property
    def segments(self) -> tuple[str, ...]:
        """Names that `render_segmentation` refers to: the scene's bodies and ``robot``."""
        return self._require_renderer().segments

    def close(self) -> None:
        """Release the graphics context."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _update_drawn(self) -> None:
        """Bring `data` up to date; an engine that does not step it has to."""

    def _ready_renderer(self) -> MujocoRenderer:
        renderer = self._require_renderer()
        self._update_drawn()
        return renderer

    def _require_renderer(self) -> MujocoRenderer:
        if self._renderer is None:
            raise RuntimeError("This simulation was made without cameras, or is closed.")
        return self._renderer
