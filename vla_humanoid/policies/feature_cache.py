"""Features of frozen networks on disk, so that they are computed once.

A folder holds segments, each written by one process: ``NAME.data``, float32 values one after
another, and ``NAME.index``, a record for each features. Values are written before their record, so
that a process may be killed at any time, and several may share a folder.
"""

import hashlib
import struct
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

_RECORD = struct.Struct("<16sqii")
"""Key, place of the first value, rows and columns."""


@dataclass(frozen=True)
class _Place:
    segment: Path
    first: int
    rows: int
    columns: int


class FeatureCache:
    """Remembers features by what they were computed from.

    Args:
        folder: made if it is not there; may hold what others have computed.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._own = folder / uuid.uuid4().hex
        self._places: dict[bytes, _Place] = {}
        self._maps: dict[Path, NDArray[np.float32]] = {}
        self._written = 0
        for index in sorted(folder.glob("*.index")):
            self._read(index)

    def __len__(self) -> int:
        return len(self._places)

    def __call__(
        self,
        circumstances: bytes,
        inputs: Sequence[torch.Tensor],
        compute: Callable[..., torch.Tensor],
    ) -> torch.Tensor:
        """Return features (B, N, D), float32, on the device of the inputs.

        Args:
            circumstances: what they depend on besides the inputs, such as the network's weights.
            inputs: each of shape (B, ...).
            compute: makes features (B, N, D) of the inputs, sample by sample.
        """
        keys = _keys(circumstances, inputs)
        missing = [row for row, key in enumerate(keys) if key not in self._places]
        if missing:
            computed = compute(*(one[missing] for one in inputs)).detach().float().cpu().numpy()
            for row, features in zip(missing, computed, strict=True):
                self._write(keys[row], features)
        found = np.stack([self._features(self._places[key]) for key in keys])
        return torch.from_numpy(found).to(inputs[0].device)

    def _read(self, index: Path) -> None:
        data = index.with_suffix(".data")
        size = data.stat().st_size // 4 if data.exists() else 0
        records = index.read_bytes()
        whole = len(records) - len(records) % _RECORD.size
        for key, first, rows, columns in _RECORD.iter_unpack(records[:whole]):
            if first + rows * columns <= size:
                self._places[key] = _Place(data, first, rows, columns)

    def _write(self, key: bytes, features: NDArray[np.float32]) -> None:
        if key in self._places:  # Twice in one batch.
            return
        data = self._own.with_suffix(".data")
        place = _Place(data, self._written, *features.shape)
        with data.open("ab") as file:
            file.write(np.ascontiguousarray(features).tobytes())
        with self._own.with_suffix(".index").open("ab") as file:
            file.write(_RECORD.pack(key, place.first, place.rows, place.columns))
        self._written += features.size
        self._places[key] = place

    def _features(self, place: _Place) -> NDArray[np.float32]:
        end = place.first + place.rows * place.columns
        mapped = self._maps.get(place.segment)
        if mapped is None or len(mapped) < end:  # It has grown since.
            mapped = np.memmap(place.segment, np.float32, "r")
            self._maps[place.segment] = mapped
        return mapped[place.first : end].reshape(place.rows, place.columns)


def _keys(circumstances: bytes, inputs: Sequence[torch.Tensor]) -> list[bytes]:
    arrays = [one.detach().cpu().contiguous().numpy() for one in inputs]
    keys: list[bytes] = []
    for row in range(len(arrays[0])):
        digest = hashlib.blake2b(circumstances, digest_size=16)
        for array in arrays:
            digest.update(f"{array.dtype} {array.shape[1:]}".encode())
            digest.update(array[row].tobytes())
        keys.append(digest.digest())
    return keys
