"""Meshes of a compiled model as Wavefront OBJ text, which the converter reads."""

import mujoco
import numpy as np


def wavefront(model: mujoco.MjModel, mesh: int) -> str:
    """Return a mesh as compiled: about its centre of mass, along its principal axes.

    Points that coincide are merged, so that edges close; each corner keeps its own normal.

    Args:
        model: compiled.
        mesh: its number.
    """
    vertices = _slice(model.mesh_vert, model.mesh_vertadr, model.mesh_vertnum, mesh)
    normals = _slice(model.mesh_normal, model.mesh_normaladr, model.mesh_normalnum, mesh)
    faces = _slice(model.mesh_face, model.mesh_faceadr, model.mesh_facenum, mesh)
    face_normals = _slice(model.mesh_facenormal, model.mesh_faceadr, model.mesh_facenum, mesh)
    vertices, merged = np.unique(vertices, axis=0, return_inverse=True)
    faces = merged.ravel()[faces]
    lines = [f"v {x:.9g} {y:.9g} {z:.9g}" for x, y, z in vertices.tolist()]
    lines += [f"vn {x:.9g} {y:.9g} {z:.9g}" for x, y, z in normals.tolist()]
    corners = np.stack([faces, face_normals], axis=2) + 1
    for face in corners.tolist():
        lines.append("f " + " ".join(f"{vertex}//{normal}" for vertex, normal in face))
    return "\n".join(lines) + "\n"


def _slice(values: np.ndarray, addresses: np.ndarray, counts: np.ndarray, index: int) -> np.ndarray:
    start = int(addresses[index])
    return values[start : start + int(counts[index])]
