"""Friction of surfaces, for the engine whose running worlds let it be changed: OvPhysX."""

from collections.abc import Mapping

import numpy as np
import warp
from isaaclab_ov import tensor_types
from isaaclab_ov.physics import OvPhysxManager
from isaaclab_ov.sim.views.ovphysx_view import OvPhysxView

_SURFACES = tensor_types.RIGID_BODY_SHAPE_FRICTION_AND_RESTITUTION
_STATIC, _DYNAMIC = 0, 1


class SurfaceFriction:
    """Coulomb friction of the surfaces of some bodies.

    Args:
        paths: of the bodies.

    Raises:
        RuntimeError: if the engine does not know one of them.
    """

    def __init__(self, paths: list[str]) -> None:
        self._view = OvPhysxView(
            OvPhysxManager.get_physx_instance(), prim_paths=paths, device="cpu"
        )
        self._rows = {
            path: row for row, path in enumerate(self._view.binding_for(_SURFACES).prim_paths)
        }
        if missing := sorted(set(paths) - set(self._rows)):
            raise RuntimeError(f"OvPhysX knows no bodies {', '.join(missing[:3])}.")

    def set(self, coefficients: Mapping[str, float]) -> None:
        """Give every surface of some bodies, by path, a coefficient."""
        surfaces = warp.to_torch(self._view.get_attribute(_SURFACES)).contiguous()
        rows = [self._rows[path] for path in coefficients]
        for row, value in zip(rows, coefficients.values(), strict=True):
            surfaces[row, :, [_STATIC, _DYNAMIC]] = value
        self._view.set_attribute(
            _SURFACES,
            warp.from_torch(surfaces, dtype=warp.float32),
            indices=warp.array(np.array(rows), dtype=warp.int32, device="cpu"),
        )
