"""Renders the images of recorded episodes again, from their stored states."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from zlib import compress

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.assets.g1 import RobotLooks
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.editing.appearance import (
    AS_RECORDED,
    RERENDERED,
    Looks,
    earlier_looks,
    looks_json,
)
from vla_humanoid.data_collection.editing.edited_file import Attribute, Changes, EditedFile
from vla_humanoid.data_collection.editing.exact_worlds import exact_worlds
from vla_humanoid.data_collection.editing.rebuilt_episode import RebuiltEpisode, rebuild
from vla_humanoid.data_collection.editing.source import RUN_FIELDS, decoded, open_source
from vla_humanoid.data_collection.editing.staging import check_target, staged_dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.recorded_worlds import recorded_worlds
from vla_humanoid.data_collection.recorder import COMPRESSION_LEVEL, CompressedFrames
from vla_humanoid.envs.config import IMAGE_SIZES
from vla_humanoid.schema import CAMERAS, WorldState
from vla_humanoid.sims.graphics import select_backend
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation


@dataclass(frozen=True)
class View:
    """How episodes are to be seen.

    Args:
        cameras: whose images there are to be; None for those there are.
        image_size: edge of the square images [pixels]; None for that of the recorded ones.
        looks: to be drawn.
        exact: whether each episode is simulated again, for the states that were seen to the last
            bit; recorded ones are rounded to single precision.

    Raises:
        ConfigurationError: if there is no such camera or size.
    """

    cameras: tuple[str, ...] | None = None
    image_size: int | None = None
    looks: Looks = AS_RECORDED
    exact: bool = False

    def __post_init__(self) -> None:
        if self.cameras is not None:
            if not self.cameras or len(set(self.cameras)) < len(self.cameras):
                raise ConfigurationError("Name one or more cameras, each once.")
            if unknown := [camera for camera in self.cameras if camera not in CAMERAS]:
                raise ConfigurationError(
                    f"Unknown camera {', '.join(unknown)}; choose some of {', '.join(CAMERAS)}."
                )
        smallest, largest = IMAGE_SIZES
        if self.image_size is not None and not smallest <= self.image_size <= largest:
            raise ConfigurationError(
                f"--image-size must lie between {smallest} and {largest} [pixels], not "
                f"{self.image_size}."
            )


def rerender(path: Path, output: Path, view: View, *, overwrite: bool = False) -> int:
    """Write a file with the episodes of another one, seen otherwise, and return their number.

    The image of step t shows ``states[t]``. Everything but images and what says how they were made
    stays as it is.

    Args:
        path: of the file to read.
        output: the file to write.
        view: how episodes are to be seen.
        overwrite: replace a file that is there.

    Raises:
        ConfigurationError: if the request cannot be carried out.
        DatasetError: if the file cannot be read, or was made with another version whose episodes
            cannot be sampled, or simulated, again.
        GraphicsUnavailable: if images cannot be rendered here.
    """
    check_target(output, (path,), overwrite)
    select_backend()
    edit = {"command": "rerender", **asdict(view)}
    with open_source(path) as source, staged_dataset(output) as file:
        edited = EditedFile(file, [source.header], edit)
        for demo in source.dataset.demos():
            about = rebuild(source, demo)
            worlds = exact_worlds(source.dataset, demo) if view.exact else recorded_worlds(demo)
            changes = _seen(demo, about, view, worlds)
            edited.add(source, demo.name, source.header.masks_of(demo.name), changes)
        edited.finish()
        return edited.demos


def _seen(demo: Demo, about: RebuiltEpisode, view: View, worlds: Iterable[WorldState]) -> Changes:
    """Return what is different where an episode is seen otherwise."""
    cameras = demo.cameras if view.cameras is None else view.cameras
    if not cameras:
        raise ConfigurationError(
            f"{demo.name} has no images; name the --cameras that it is to have."
        )
    size = view.image_size or _recorded_size(demo, about)
    scene = view.looks.applied(about.scene, demo.seed)
    attributes: dict[str, Attribute] = {
        "randomization": json.dumps({**demo.json_object("randomization"), "scene": asdict(scene)}),
        **_run_seen(about, cameras, size),
    }
    if view.looks.axes:
        drawn = (*earlier_looks(demo), view.looks)
        attributes[RERENDERED] = json.dumps(looks_json(drawn))
    return Changes(
        attributes,
        videos=_frames(demo.steps, about, scene, cameras, size, iter(worlds)),
        without=frozenset(layout.image_path(camera) for camera in demo.cameras),
    )


def _frames(
    steps: int,
    about: RebuiltEpisode,
    scene: Scene,
    cameras: Sequence[str],
    size: int,
    worlds: Iterator[WorldState],
) -> dict[str, CompressedFrames]:
    """Return what the cameras see at each step, compressed as it comes."""
    looks: RobotLooks = "menagerie" if about.kwargs.get("robot") == "menagerie" else "primitives"
    simulation = MujocoSimulation(
        build_world(scene, looks, about.episode.dynamics.payload),
        cameras=tuple(cameras),
        image_size=size,
    )
    films = {camera: _Film(size) for camera in cameras}
    try:
        for _, world in zip(range(steps), worlds, strict=False):
            simulation.reset(world)
            for camera, film in films.items():
                film.add(simulation.render(camera))
    except ValueError as error:
        raise DatasetError(f"A recorded state cannot be rendered: {error}") from error
    finally:
        simulation.close()
    return {layout.image_path(camera): film.video() for camera, film in films.items()}


class _Film:
    """Images of one camera, compressed as they come."""

    def __init__(self, size: int) -> None:
        self._shape = (size, size, 3)
        self._frames: list[bytes] = []
        self._checksum = sha256()

    def add(self, image: NDArray[np.uint8]) -> None:
        """Add the next one."""
        content = image.tobytes()
        self._checksum.update(content)
        self._frames.append(compress(content, COMPRESSION_LEVEL))

    def video(self) -> CompressedFrames:
        """Return all of them."""
        return CompressedFrames(self._shape, tuple(self._frames), self._checksum.hexdigest())


def _recorded_size(demo: Demo, about: RebuiltEpisode) -> int:
    if demo.cameras:
        return int(demo.frames(demo.cameras[0]).shape[1])
    size = about.kwargs.get("image_size")
    if not isinstance(size, int):
        raise ConfigurationError(f"{demo.name} has no images; name the --image-size.")
    return size


def _run_seen(about: RebuiltEpisode, cameras: Sequence[str], size: int) -> dict[str, Attribute]:
    """Return what a demo says about its run, with the cameras and the size of the images."""
    seen: dict[str, Attribute] = {}
    for name in RUN_FIELDS:
        value = decoded(about.run.get(name))
        inner = value.get("env_kwargs") if isinstance(value, dict) else None
        place = inner if isinstance(inner, dict) else value
        if isinstance(place, dict) and {"cameras", "image_size"} <= place.keys():
            place |= {"cameras": list(cameras), "image_size": size}
            seen[name] = json.dumps(value)
    return seen
