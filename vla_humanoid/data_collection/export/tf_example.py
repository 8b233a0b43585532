"""Encodes ``tf.train.Example`` protocol buffers by hand.

Example { Features features = 1 }, Features { map<string, Feature> feature = 1 }, Feature { oneof:
BytesList = 1, FloatList = 2, Int64List = 3 }, each list { repeated value = 1, numbers packed }.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Feature: TypeAlias = Sequence[bytes] | NDArray[np.generic]
"""Texts and images as bytes; numbers as an array, which is flattened."""

_BYTES_LIST, _FLOAT_LIST, _INT64_LIST = 1, 2, 3


def encode_example(features: Mapping[str, Feature]) -> bytes:
    """Return the encoding of an example, its features in the order of their names.

    Raises:
        TypeError: if an array holds neither numbers nor truth values.
    """
    entries = (
        _delimited(1, _delimited(1, name.encode()) + _delimited(2, _feature(features[name])))
        for name in sorted(features)
    )
    return _delimited(1, b"".join(entries))


def _feature(values: Feature) -> bytes:
    if not isinstance(values, np.ndarray):
        return _delimited(_BYTES_LIST, b"".join(_delimited(1, value) for value in values))
    if values.dtype.kind == "f":
        return _delimited(_FLOAT_LIST, _delimited(1, values.astype("<f4").tobytes()))
    if values.dtype.kind in "iub":
        # A negative number takes ten bytes: two's complement in 64 bits.
        packed = b"".join(_varint(int(value) & (2**64 - 1)) for value in values.flat)
        return _delimited(_INT64_LIST, _delimited(1, packed))
    raise TypeError(f"an example holds no {values.dtype}")


def _delimited(number: int, content: bytes) -> bytes:
    """Return a field of wire type 2: its tag, its length, its content."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
