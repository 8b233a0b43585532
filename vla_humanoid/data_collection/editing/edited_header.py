"""What an edited file says about all of its episodes."""

import json
from collections.abc import Mapping, Sequence

import h5py
import numpy as np

from vla_humanoid import __version__
from vla_humanoid.data_collection.editing.differences import difference_text
from vla_humanoid.data_collection.editing.source import (
    COUNTED_FIELDS,
    RUN_FIELDS,
    SHARED_FIELDS,
    Header,
    decoded,
)
from vla_humanoid.data_collection.errors import DatasetError


def check_same_meaning(headers: Sequence[Header]) -> None:
    """Refuse files whose numbers do not mean the same.

    Raises:
        DatasetError: naming the fields that differ, with both values.
    """
    first, *others = headers
    for header in others:
        if text := difference_text(_meaning(first), _meaning(header)):
            raise DatasetError(
                f"{header.path} does not go with {first.path}, because a trainer could not tell "
                f"their numbers apart: {text}."
            )


def _meaning(header: Header) -> dict[str, object]:
    meaning = {name: header.json(name) for name in SHARED_FIELDS}
    arguments = header.json("env_args")
    sim_args = arguments.get("sim_args") if isinstance(arguments, dict) else None
    if isinstance(sim_args, dict):
        dt, decimation = sim_args.get("dt"), sim_args.get("decimation")
        if isinstance(dt, int | float) and isinstance(decimation, int | float):
            meaning["seconds per step"] = round(dt * decimation, 9)
    return meaning


def write_header(data: h5py.Group, headers: Sequence[Header], edit: Mapping[str, object]) -> None:
    """Write what is known about an edited file before its episodes are.

    Args:
        data: its group ``/data``.
        headers: of the files that it is made from.
        edit: what is being done.
    """
    first, *others = headers
    own = {*RUN_FIELDS, *COUNTED_FIELDS}
    for name in sorted(set(first.attributes) - own):
        if all(_same(other.attributes.get(name), first.attributes[name]) for other in others):
            data.attrs[name] = first.attributes[name]
    runs = _distinct_runs(headers)
    data.attrs["attempts"] = sum(_attempts(header) for header in runs)
    data.attrs["failures"] = json.dumps(_failures(runs))
    data.attrs["complete"] = True
    before = [json.dumps(entry) for header in headers for entry in header.edits]
    history = [json.loads(entry) for entry in dict.fromkeys(before)]
    made = {**edit, "from": [header.path.name for header in headers], "version": __version__}
    data.attrs["edits"] = json.dumps([*history, made])


def _same(one: object, other: object) -> bool:
    return decoded(one) == decoded(other) if isinstance(one, str | np.generic) else one is other


def _distinct_runs(headers: Sequence[Header]) -> list[Header]:
    """Return one header of each run: two parts of one speak of the same attempts."""
    runs: dict[str, Header] = {}
    for header in headers:
        told = [str(header.attributes.get(name)) for name in (*RUN_FIELDS, "attempts", "failures")]
        runs.setdefault("\n".join(told), header)
    return list(runs.values())


def _attempts(header: Header) -> int:
    value = header.json("attempts")
    return value if isinstance(value, int) else 0


def _failures(headers: Sequence[Header]) -> dict[str, int]:
    total: dict[str, int] = {}
    for header in headers:
        counted = header.json("failures")
        for reason, number in counted.items() if isinstance(counted, dict) else ():
            total[str(reason)] = total.get(str(reason), 0) + int(number)
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
