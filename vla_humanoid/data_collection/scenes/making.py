"""Makes files of scenes, on several processes."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

from vla_humanoid.assets.cameras import MOUNTINGS
from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.data_collection.attempts import attempt_seed
from vla_humanoid.data_collection.environment import DemonstrationEnv, make_env
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.output_folder import check_folder
from vla_humanoid.data_collection.run_config import GenerationConfig, package_versions
from vla_humanoid.data_collection.scenes.file import new_scene_file
from vla_humanoid.data_collection.scenes.looking import look
from vla_humanoid.data_collection.scenes.scene import SceneRecord
from vla_humanoid.schema import state_fields
from vla_humanoid.tasks.core.placement import PlacementError

_AT_ONCE = 16
"""Scenes that a process is given."""


def make_scenes(
    config: GenerationConfig,
    output: Path,
    workers: int,
    overwrite: bool = False,
    on_scene: Callable[[int], None] = lambda done: None,
) -> None:
    """Write a file of scenes; the same request gives the same content for any number of workers.

    Args:
        config: what to make; ``episodes`` is the number of scenes.
        output: file to write; it is there once it is whole.
        workers: processes.
        overwrite: replace a file that is there.
        on_scene: told how many there are.

    Raises:
        ConfigurationError: if the request cannot be carried out.
    """
    _check(config, output, workers, overwrite)
    attributes = {
        "config": json.dumps(asdict(config)),
        "versions": json.dumps(package_versions(config.engine)),
        "state": json.dumps([field.name for field in state_fields(JOINT_NAMES)]),
    }
    with (
        new_scene_file(output, config.episodes, attributes) as writer,
        _scenes(config, workers) as scenes,
    ):
        for done, scene in enumerate(islice(scenes, config.episodes), start=1):
            writer.add(scene)
            on_scene(done)


def _check(config: GenerationConfig, output: Path, workers: int, overwrite: bool) -> None:
    check_folder(output)
    if output.exists() and not overwrite:
        raise ConfigurationError(
            f"{output} exists already; pass --overwrite to replace it, or choose another --output."
        )
    if workers < 1:
        raise ConfigurationError(f"workers must be at least 1, not {workers}.")
    on_robot = [name for name, one in MOUNTINGS.items() if one.link is not None]
    if not config.cameras or set(config.cameras) - set(on_robot):
        raise ConfigurationError(
            f"Scenes are seen by cameras on the robot; choose some of {', '.join(on_robot)}."
        )


@contextmanager
def _scenes(config: GenerationConfig, workers: int) -> Iterator[Iterator[SceneRecord]]:
    """Yield scenes without end, in the order of the attempts."""
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield _found(pool, config, workers)
    finally:
        pool.shutdown(cancel_futures=True)


def _found(
    pool: ProcessPoolExecutor, config: GenerationConfig, workers: int
) -> Iterator[SceneRecord]:
    starts = count(0, _AT_ONCE)
    pending = [pool.submit(_look_at, config, start) for start in islice(starts, workers + 1)]
    while pending:
        found = pending.pop(0).result()
        pending.append(pool.submit(_look_at, config, next(starts)))
        yield from found


_made: dict[GenerationConfig, DemonstrationEnv] = {}
"""The environment of a process."""


def _look_at(config: GenerationConfig, start: int) -> list[SceneRecord]:
    """Return the scenes of some attempts; there is none where the things could not be placed."""
    if config not in _made:
        _made[config] = make_env(config.env_name, config.env_kwargs)
    found: list[SceneRecord] = []
    for attempt in range(start, start + _AT_ONCE):
        try:
            found.append(look(_made[config], attempt_seed(config.seed, attempt), config.cameras))
        except PlacementError:
            continue
    return found
