"""Decompresses zlib streams, with libdeflate where its package is installed."""

import zlib
from collections.abc import Callable
from typing import TypeAlias

Inflate: TypeAlias = Callable[[bytes, int], bytes | bytearray]
"""Takes a stream and the size of its content; raises ValueError for a damaged stream."""


def inflate_with_zlib(stream: bytes, size: int) -> bytes:
    """Return the content of a stream.

    Args:
        stream: zlib's format, checksum included.
        size: of the content [bytes].

    Raises:
        ValueError: if it is damaged, or its content has another size.
    """
    decompressor = zlib.decompressobj()
    try:
        # One byte more than there should be, or the checksum at the end would not be read.
        content = decompressor.decompress(stream, size + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(content) != size or not decompressor.eof:
        raise ValueError(f"its content is not {size} bytes")
    return content


def fastest_inflate() -> Inflate:
    """Return a function as `inflate_with_zlib`, of libdeflate if the extra [speed] is installed."""
    try:
        from deflate import DeflateError, zlib_decompress
    except ImportError:
        return inflate_with_zlib

    def inflate_with_libdeflate(stream: bytes, size: int) -> bytearray:
        try:
            content = zlib_decompress(stream, size)
        except DeflateError as error:
            raise ValueError(str(error)) from error
        if len(content) != size:
            raise ValueError(f"its content is not {size} bytes")
        return content

    return inflate_with_libdeflate
