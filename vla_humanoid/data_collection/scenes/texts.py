"""The texts of a scene as JSON, and back again, checked."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from vla_humanoid.data_collection.scenes.scene import Mounted, Request, Texts, Thing


def packed(texts: Texts) -> bytes:
    """Return the texts of a scene as JSON."""
    return json.dumps(asdict(texts), ensure_ascii=False).encode()


def unpacked(content: bytes) -> Texts:
    """Return what `packed` made.

    Raises:
        ValueError: saying what is not as it should be.
    """
    found = _mapping("the texts", json.loads(content))
    things = {
        name: _thing(f"things.{name}", thing)
        for name, thing in _mapping("things", found.get("things")).items()
    }
    requests = tuple(
        _request(f"requests.{number}", one)
        for number, one in enumerate(_list("requests", found.get("requests")))
    )
    cameras = {
        name: _mounted(f"cameras.{name}", camera)
        for name, camera in _mapping("cameras", found.get("cameras")).items()
    }
    return Texts(things, cameras, requests)


def _thing(where: str, content: object) -> Thing:
    found = _mapping(where, content)
    position, quat = _pose(where, found)
    seen: dict[str, tuple[float, float] | None] = {}
    for camera, place in _mapping(f"{where}.seen", found.get("seen")).items():
        if place is None:
            seen[camera] = None
        else:
            right, down = _numbers(f"{where}.seen.{camera}", place, 2)
            seen[camera] = right, down
    return Thing(_named(f"{where}.kind", found.get("kind")), position, quat, seen)


def _mounted(where: str, content: object) -> Mounted:
    found = _mapping(where, content)
    position, quat = _pose(where, found)
    (fovy,) = _numbers(f"{where}.fovy", [found.get("fovy")], 1)
    return Mounted(position, quat, fovy)


def _pose(
    where: str, found: Mapping[str, object]
) -> tuple[tuple[float, float, float], tuple[float, float, float, float]]:
    x, y, z = _numbers(f"{where}.position", found.get("position"), 3)
    w, i, j, k = _numbers(f"{where}.quat_wxyz", found.get("quat_wxyz"), 4)
    return (x, y, z), (w, i, j, k)


def _request(where: str, content: object) -> Request:
    found = _mapping(where, content)
    parts = tuple(
        {
            role: _named(f"{where}.parts.{role}", name)
            for role, name in _mapping(where, part).items()
        }
        for part in _list(f"{where}.parts", found.get("parts"))
    )
    sentences = tuple(
        _named(f"{where}.sentences", one)
        for one in _list(f"{where}.sentences", found.get("sentences"))
    )
    if not sentences:
        raise ValueError(f"{where}.sentences are none")
    return Request(parts, sentences)


def _mapping(where: str, content: object) -> Mapping[str, object]:
    if not isinstance(content, dict):
        raise ValueError(f"{where} is no JSON object")
    return content


def _list(where: str, content: object) -> list[object]:
    if not isinstance(content, list):
        raise ValueError(f"{where} is no list")
    return content


def _named(where: str, content: object) -> str:
    if not isinstance(content, str):
        raise ValueError(f"{where} is no text")
    return content


def _numbers(where: str, content: object, count: int) -> list[float]:
    numbers = [float(one) for one in _list(where, content) if isinstance(one, int | float)]
    if len(numbers) != count:
        raise ValueError(f"{where} is not {count} numbers")
    return numbers
