"""Seeds of the episodes that worlds begin by themselves."""

import numpy as np


class SeedStreams:
    """One stream of seeds for each world, so that none depends on when the others end theirs.

    Args:
        seed: of all streams.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[int, np.random.Generator] = {}

    def next(self, world: int) -> int:
        """Return the next seed of a world, in [0, 2**31)."""
        if world not in self._streams:
            self._streams[world] = np.random.default_rng([self._seed, world])
        return int(self._streams[world].integers(2**31))
