"""Random streams of the axes, and directions drawn from them."""

from zlib import crc32

import numpy as np

from vla_humanoid.schema import FloatArray


def stream(seed: int, axis: str) -> np.random.Generator:
    """Return a fresh generator for an axis in an episode, the same at every level.

    Levels then differ in how far they go, not where to.
    """
    return np.random.default_rng([seed, crc32(f"perturbed {axis}".encode())])


def direction(rng: np.random.Generator, dim: int) -> FloatArray:
    """Return a unit vector, every direction being equally likely, shape (dim,)."""
    vector = rng.standard_normal(dim)
    return vector / np.linalg.norm(vector)


def sign(rng: np.random.Generator) -> float:
    """Return 1 or -1."""
    return 1.0 if rng.random() < 0.5 else -1.0
