"""The checksum, the record file and the protocol buffer, without TensorFlow to compare with."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.data_collection.export.crc32c import crc32c
from vla_humanoid.data_collection.export.tf_example import encode_example
from vla_humanoid.data_collection.export.tfrecord import ShardedRecords, masked_crc


def bitwise_crc32c(data: bytes) -> int:
    state = 0xFFFFFFFF
    for byte in data:
        state ^= byte
        for _ in range(8):
            state = (state >> 1) ^ 0x82F63B78 if state & 1 else state >> 1
    return state ^ 0xFFFFFFFF


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_checksums_of_rfc_3720(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 513, 4095, 4096, 5001])
@pytest.mark.parametrize("seed", [0, 1])
def test_checksum_of_any_length(size: int, seed: int) -> None:
    data = np.random.default_rng(seed).bytes(size)
    assert crc32c(data) == bitwise_crc32c(data)


def read_records(path: Path) -> list[bytes]:
    records: list[bytes] = []
    content = path.read_bytes()
    while content:
        (length,) = struct.unpack("<Q", content[:8])
        assert struct.unpack("<I", content[8:12]) == (masked_crc(content[:8]),)
        records.append(content[12 : 12 + length])
        footer = content[12 + length : 16 + length]
        assert struct.unpack("<I", footer) == (masked_crc(records[-1]),)
        content = content[16 + length :]
    return records


def test_records_come_back_from_their_shards(tmp_path: Path) -> None:
    given_records = [bytes([number]) * 40 for number in range(5)]
    with ShardedRecords(tmp_path, "demos-train.tfrecord", shard_bytes=100) as records:
        for record in given_records:
            records.add(record)
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == [
        f"demos-train.tfrecord-{number:05d}-of-00003" for number in range(3)
    ]
    assert [record for path in paths for record in read_records(path)] == given_records
    assert records.shard_lengths == [2, 2, 1]
    assert records.record_bytes == 200


def test_shards_are_not_named_when_something_went_wrong(tmp_path: Path) -> None:
    def write_half() -> None:
        with ShardedRecords(tmp_path, "x", shard_bytes=1) as records:
            records.add(b"1")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_half()
    assert not list(tmp_path.glob("*-of-*"))


def decode(message: bytes) -> list[tuple[int, bytes]]:
    """The fields of a message all of whose fields are of wire type 2."""
    fields: list[tuple[int, bytes]] = []
    while message:
        tag, message = read_varint(message)
        assert tag & 7 == 2
        length, message = read_varint(message)
        fields.append((tag >> 3, message[:length]))
        message = message[length:]
    return fields


def read_varint(message: bytes) -> tuple[int, bytes]:
    value = shift = 0
    while True:
        byte, message = message[0], message[1:]
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, message


@given(
    integers=st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1),
    reals=st.lists(st.floats(width=32, allow_nan=False), min_size=1),
    texts=st.lists(st.binary(max_size=300)),
)
def test_an_example_decodes_to_what_went_in(
    integers: list[int], reals: list[float], texts: list[bytes]
) -> None:
    example = encode_example(
        {"b/reals": np.array(reals, np.float32), "a": np.array(integers, np.int64), "c": texts}
    )
    ((number, features),) = decode(example)
    assert number == 1
    entries = [dict(decode(entry)) for _, entry in decode(features)]
    assert [entry[1].decode() for entry in entries] == ["a", "b/reals", "c"]
    ((kind, content),) = decode(entries[0][2])
    assert kind == 3
    packed, found = decode(content)[0][1], []
    while packed:
        value, packed = read_varint(packed)
        found.append(value - 2**64 if value >= 2**63 else value)
    assert found == integers
    ((kind, content),) = decode(entries[1][2])
    assert kind == 2
    assert (
        np.frombuffer(decode(content)[0][1], "<f4").tolist()
        == np.array(reals, dtype=np.float32).tolist()
    )
    ((kind, content),) = decode(entries[2][2])
    assert kind == 1
    assert decode(content) == [(1, text) for text in texts]


def test_truth_values_are_integers_and_texts_no_array() -> None:
    assert encode_example({"x": np.array([True])}) == encode_example({"x": np.array([1])})
    with pytest.raises(TypeError, match="<U1"):
        encode_example({"x": np.array(["a"])})
