"""Messages with arrays: what goes in comes out, and what is damaged is refused."""

import contextlib

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as extra
from numpy.typing import NDArray

from vla_humanoid.policy_runner.wire.arrays import WireError, pack, unpack

numbers = extra.arrays(
    st.sampled_from(["<f4", "<f8", "|u1", "<i8", "|b1"]),
    extra.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@given(array=numbers, text=st.text())
def test_what_is_packed_is_unpacked(array: NDArray[np.generic], text: str) -> None:
    back = unpack(pack({"array": array, "text": text, "nested": [{"again": array}]}))
    assert isinstance(back, dict)
    assert back["text"] == text
    for one in (back["array"], back["nested"][0]["again"]):
        assert one.dtype == array.dtype
        assert one.shape == array.shape
        assert one.tobytes() == array.tobytes()


def test_scalars_of_numpy_keep_their_type() -> None:
    back = unpack(pack(np.float32(0.5)))
    assert type(back) is np.float32
    assert back == 0.5


@pytest.mark.parametrize(
    "content", [np.array([object()]), np.array([1j]), np.array(["a"]), object(), {1, 2}]
)
def test_nothing_but_numbers_texts_and_bytes_is_sent(content: object) -> None:
    with pytest.raises(WireError, match="cannot be sent"):
        pack({"content": content})


def array_message(**changes: object) -> bytes:
    good = {"__ndarray__": True, "data": b"\0" * 8, "dtype": "<f4", "shape": [2]}
    content = {key.encode(): value for key, value in {**good, **changes}.items()}
    return msgpack.Packer().pack(content)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shape": [3]}, "does not have 8 bytes"),
        ({"shape": [2**62]}, "does not have 8 bytes"),
        ({"shape": [-2]}, "not a list of lengths"),
        ({"shape": "ab"}, "not a list of lengths"),
        ({"dtype": "O"}, "is not accepted"),
        ({"dtype": "<c8"}, "is not accepted"),
        ({"dtype": "V4"}, "is not accepted"),
        ({"dtype": "nonsense"}, "unknown dtype"),
        ({"dtype": 4}, "not a name"),
        ({"data": "text"}, "has no data"),
    ],
)
def test_an_array_that_contradicts_itself_is_refused(changes: dict[str, object], said: str) -> None:
    assert isinstance(unpack(array_message()), np.ndarray)
    with pytest.raises(WireError, match=said):
        unpack(array_message(**changes))


@given(message=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(message: bytes) -> None:
    with contextlib.suppress(WireError):
        unpack(message)


@given(at=st.integers(0, 200), to=st.integers(0, 255))
def test_a_damaged_message_is_read_or_refused(at: int, to: int) -> None:
    message = bytearray(pack({"state": np.arange(20, dtype=np.float32), "prompt": "lift"}))
    message[at % len(message)] = to
    with contextlib.suppress(WireError):
        unpack(bytes(message))
