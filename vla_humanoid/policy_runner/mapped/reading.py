"""Reads the mapping of a policy, and finds everything that is wrong with it at once."""

from vla_humanoid.description import Description
from vla_humanoid.embodiment.faults import Faults, MappingError
from vla_humanoid.embodiment.frames import Frame, parse_frames
from vla_humanoid.embodiment.rules import Dialect
from vla_humanoid.embodiment.table import Table
from vla_humanoid.embodiment.vectors import VectorMapping, parse_vector
from vla_humanoid.policy_runner.mapped.action_checks import check_action
from vla_humanoid.policy_runner.mapped.config import (
    RESAMPLINGS,
    Answered,
    PolicyMapping,
    SeenImage,
    SeenVector,
    ThisRobot,
)
from vla_humanoid.policy_runner.mapped.reading_observation import read_images, read_vectors
from vla_humanoid.schema import ActionSpec, ControlMode

HOLD = "hold"
"""What a mapping says of entries of ours that the policy does not move."""
_LONGEST_ACTION = 1024
_FASTEST = 1000.0


def read_policy_mapping(table: Table, robot: ThisRobot) -> PolicyMapping:
    """Return what a mapping says.

    Args:
        table: its content.
        robot: our side of it.

    Raises:
        MappingError: if it makes no sense; the message lists every fault, a line each.
    """
    faults = Faults()
    frames: dict[str, Frame] = {}
    tools: dict[str, Frame] = {}
    with faults.noted():
        frames = parse_frames(table, "frames")
    with faults.noted():
        tools = parse_frames(table, "tools")
    prompt = "prompt"
    with faults.noted():
        prompt = table.text("prompt", prompt)
    images = read_images(table, robot, faults)
    vectors = read_vectors(table, robot.state, frames, tools, faults)
    _check_keys([(prompt,), *(_path(one) for one in (*images, *vectors))], faults)
    spec = _spec(table, robot, faults)
    answered, action = None, None
    with faults.noted():
        answered, action = _action(table, spec, Dialect("", HOLD, frames, tools), robot, faults)
    size = 0
    with faults.noted():
        size = _image_size(table, images)
    with faults.noted():
        table.finish()
    faults.require_none(f"The mapping {table.where} does not fit")
    if spec is None or answered is None or action is None:  # Each has left a fault behind.
        raise MappingError(f"The mapping {table.where} is incomplete.")
    cameras = tuple(dict.fromkeys(image.camera for image in images if image.camera))
    ours = Description(spec, robot.state, cameras, size if cameras else 0, robot.rate)
    return PolicyMapping(ours, prompt, images, vectors, answered, action)


def _spec(table: Table, robot: ThisRobot, faults: Faults) -> ActionSpec | None:
    modes: tuple[ControlMode, ...] = tuple(robot.actions)
    with faults.noted():
        name = table.text("control_mode", among=modes)
        return next(spec for mode, spec in robot.actions.items() if mode == name)
    return None


def _action(
    table: Table, spec: ActionSpec | None, dialect: Dialect, robot: ThisRobot, faults: Faults
) -> tuple[Answered, VectorMapping | None]:
    rate = _within(table, "rate", robot.rate, _FASTEST)
    resampling = table.text("resampling", "linear", RESAMPLINGS)
    part = table.table("action")
    names = _names(part)
    dim = int(_within(part, "dim", len(names) or None, _LONGEST_ACTION, whole=True))
    if names and len(names) != dim:
        raise part.error(f"'names' are {len(names)}, where 'dim' is {dim}")
    answered = Answered(part.text("key", "actions"), dim, names, rate, resampling)
    if spec is None:
        return answered, None
    dialect = Dialect(answered.key, dialect.absent, dialect.frames, dialect.tools)
    vector = parse_vector(part, "action", spec.fields, dialect, faults)
    check_action(vector, answered, robot, faults)
    part.finish()
    return answered, vector


def _names(table: Table) -> tuple[str, ...]:
    value = table.take("names")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise table.error("'names' must be a list of texts")
    if len(set(value)) != len(value):
        raise table.error("'names' must differ")
    return tuple(str(name) for name in value)


def _within(
    table: Table, name: str, default: float | None, most: float, *, whole: bool = False
) -> float:
    value = table.number(name, default)
    if not 0 < value <= most or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise table.error(f"{name!r} must be {kind} above 0 and at most {most:g}, not {value:g}")
    return value


def _image_size(table: Table, images: tuple[SeenImage, ...]) -> int:
    """Return the edge of what our cameras render: what is asked for, or the largest wanted."""
    edges = [max(one.height, one.width) for one in images if one.camera]
    return int(_within(table, "image_size", max(edges, default=224), 4096, whole=True))


def _path(seen: SeenImage | SeenVector) -> tuple[str, ...]:
    return tuple(seen.key.split("/")) if seen.nested else (seen.key,)


def _check_keys(paths: list[tuple[str, ...]], faults: Faults) -> None:
    """Note keys that are there twice, or are a value and a map at once."""
    for place, path in enumerate(paths):
        others = paths[:place] + paths[place + 1 :]
        if any(other[: len(path)] == path for other in others):
            faults.add(f"The policy's observation has {'/'.join(path)!r} twice; give it once.")
