"""Arrays within MessagePack, as openpi's clients and servers write them.

An array is a map with the keys ``__ndarray__``, ``data``, ``dtype`` and ``shape``, a scalar of
numpy one with ``__npgeneric__``, ``data`` and ``dtype``; all keys are bytes. Nothing is executed on
reading, and no array is made that is larger than the message that it came in.
"""

import math

import msgpack
import numpy as np
from numpy.typing import NDArray

_KINDS = "biuf"
"""Kinds of numbers that may be sent: truth values, integers and floats."""


class WireError(ValueError):
    """A message is damaged, or holds what must not be sent."""


_DAMAGED = (ValueError, TypeError, OverflowError, msgpack.UnpackException, RecursionError)
"""What reading a damaged message raises."""


def pack(content: object) -> bytes:
    """Return content as a message.

    Raises:
        WireError: if there is anything in it but texts, bytes, numbers, arrays of numbers, and
            lists and maps of these.
    """
    try:
        return msgpack.Packer(default=_packed).pack(content)
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError(f"This cannot be sent: {error}.") from error


def unpack(message: bytes) -> object:
    """Return the content of a message; the arrays in it are read-only.

    Raises:
        WireError: if it is damaged.
    """
    try:
        return msgpack.unpackb(message, object_hook=_unpacked, strict_map_key=False)
    except WireError:
        raise
    except _DAMAGED as error:
        raise WireError(f"The message is not MessagePack: {error}.") from error


def _packed(item: object) -> dict[bytes, object]:
    if isinstance(item, np.ndarray | np.generic):
        array: NDArray[np.generic] = np.asarray(item)
        if array.dtype.kind not in _KINDS:
            raise WireError(f"An array of dtype {array.dtype} cannot be sent; send numbers.")
        if isinstance(item, np.generic):
            return {b"__npgeneric__": True, b"data": item.item(), b"dtype": array.dtype.str}
        return {
            b"__ndarray__": True,
            b"data": array.tobytes(),
            b"dtype": array.dtype.str,
            b"shape": array.shape,
        }
    raise WireError(f"A {type(item).__name__} cannot be sent.")


def _unpacked(item: dict[object, object]) -> object:
    if b"__ndarray__" in item:
        return _array(item)
    if b"__npgeneric__" in item:
        value = item.get(b"data")
        if not isinstance(value, bool | int | float):
            raise WireError(f"A scalar holds {type(value).__name__}, not a number.")
        return _dtype(item).type(value)
    return item


def _array(item: dict[object, object]) -> NDArray[np.generic]:
    data, shape, dtype = item.get(b"data"), item.get(b"shape"), _dtype(item)
    if not isinstance(data, bytes):
        raise WireError("An array has no data.")
    if not isinstance(shape, list) or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise WireError(f"An array has the shape {shape!r}, not a list of lengths.")
    if math.prod(shape) * dtype.itemsize != len(data):
        raise WireError(
            f"An array of shape {tuple(shape)} and dtype {dtype} does not have {len(data)} bytes."
        )
    return np.frombuffer(data, dtype).reshape(shape)


def _dtype(item: dict[object, object]) -> np.dtype[np.generic]:
    name = item.get(b"dtype")
    if not isinstance(name, str):
        raise WireError(f"An array has the dtype {name!r}, not a name.")
    try:
        dtype = np.dtype(name)
    except (TypeError, ValueError, SyntaxError) as error:
        raise WireError(f"An array has an unknown dtype {name!r}.") from error
    if dtype.kind not in _KINDS:
        raise WireError(f"An array of dtype {dtype} is not accepted; send numbers.")
    return dtype
