"""Shows a recorded episode in Rerun, all of it on one timeline. Needs the extra [rerun]."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.editing.staging import check_target, staged
from vla_humanoid.data_collection.errors import ConfigurationError

if TYPE_CHECKING:
    import rerun

STEP, TIME = "step", "time"
"""Timelines: the number of the action, and seconds since the episode began."""
_POINT, _LINE = 0.01, 0.004
"""Radii of what is drawn [m]."""
_COLORS = {
    "zmp": (220, 60, 60),
    "zmp_dynamics": (240, 150, 60),
    "dcm": (60, 110, 220),
    "com": (60, 170, 90),
}


def save_log(dataset: DatasetFile, name: str, output: Path, *, overwrite: bool = False) -> None:
    """Write an episode as a file that Rerun opens.

    Args:
        dataset: the file it is in.
        name: of the demo.
        output: the file to write, ending in ``.rrd``.
        overwrite: replace a file that is there.

    Raises:
        ConfigurationError: if it cannot be written there, or Rerun is not installed.
        DatasetError: if the episode cannot be read.
    """
    if output.suffix.lower() != ".rrd":
        raise ConfigurationError(f"{output} must end in .rrd.")
    check_target(output, (dataset.path,), overwrite)
    recording = _new_recording(dataset, name)
    with staged(output) as temporary:
        recording.save(temporary)
        try:
            log_episode(recording, dataset, name)
        finally:
            recording.disconnect()


def show_log(dataset: DatasetFile, name: str) -> None:
    """Open a viewer that shows an episode.

    Raises:
        ConfigurationError: if Rerun is not installed.
        DatasetError: if the episode cannot be read.
    """
    recording = _new_recording(dataset, name)
    recording.spawn()
    log_episode(recording, dataset, name)
    recording.flush()


def log_episode(recording: "rerun.RecordingStream", dataset: DatasetFile, name: str) -> None:
    """Log what is recorded about an episode, one step after another.

    ``cameras/<camera>``, ``instruction``, ``subgoal``, ``actions``, ``joints/position`` and
    ``velocity``, ``balance/...`` as plots, and ``world/...`` in space.

    Args:
        recording: where to.
        dataset: the file it is in.
        name: of the demo.

    Raises:
        DatasetError: if the episode cannot be read.
    """
    import rerun as rr

    demo, rate = dataset.demo(name), dataset.rate
    plots, points = _plots(dataset, demo), _points(demo)
    for path, (names, _) in plots.items():
        recording.log(path, rr.SeriesLines(names=names), static=True)
    polygon = _recorded(demo, f"{layout.BALANCE}/support_polygon")
    texts = _texts(demo)
    for step in range(demo.steps):
        recording.set_time(STEP, sequence=step)
        recording.set_time(TIME, duration=step / rate)
        for camera in demo.cameras:
            image = rr.EncodedImage(contents=_png(demo.image(camera, step)), media_type="image/png")
            recording.log(f"cameras/{camera}", image)
        for path, lines in texts.items():
            if step == 0 or lines[step] != lines[step - 1]:
                recording.log(path, rr.TextDocument(lines[step]))
        for path, (_, rows) in plots.items():
            recording.log(path, rr.Scalars(rows[step]))
        for path, rows in points.items():
            label = path.rpartition("/")[2]
            color = _COLORS.get(label, (150, 150, 150))
            point = rr.Points3D([rows[step]], colors=[color], labels=[label], radii=_POINT)
            recording.log(path, point)
        if polygon is not None:
            corners = _on_floor(polygon[step])
            outline = rr.LineStrips3D([[*corners, corners[0]]], radii=_LINE)
            recording.log("world/support_polygon", outline)


def _new_recording(dataset: DatasetFile, name: str) -> "rerun.RecordingStream":
    try:
        import rerun as rr
    except ImportError as error:
        raise ConfigurationError(
            "Rerun is not installed: pip install 'vla-humanoid[rerun]' brings it."
        ) from error
    dataset.demo(name)
    return rr.RecordingStream("vla_humanoid", recording_id=f"{dataset.path.name} {name}")


def _plots(
    dataset: DatasetFile, demo: Demo
) -> dict[str, tuple[Sequence[str], NDArray[np.float64]]]:
    """Return what is plotted: by path, the names of the columns, and rows for each step."""
    actions = [_name_of(field) for field in dataset.json_list("action")]
    joints = list(dataset.json_texts("joint_names"))
    robot = f"{layout.STATES}/articulation/robot"
    wanted = {
        "actions": (layout.ACTIONS, actions),
        "joints/position": (f"{robot}/joint_position", joints),
        "joints/velocity": (f"{robot}/joint_velocity", joints),
        "reward": (layout.REWARDS, ["reward"]),
        "progress": (layout.PROGRESS, ["progress"]),
    }
    for key in layout.BALANCE_KEYS:
        if key != "support_polygon":
            columns = [key] if key == "support_margin" else [f"{key} {axis}" for axis in "xyz"]
            wanted[f"balance/{key}"] = (f"{layout.BALANCE}/{key}", columns)
    found: dict[str, tuple[Sequence[str], NDArray[np.float64]]] = {}
    for path, (source, names) in wanted.items():
        if (rows := _recorded(demo, source)) is not None:
            rows = rows.reshape(len(rows), -1)
            found[path] = names[: rows.shape[1]], rows
    return found


def _points(demo: Demo) -> dict[str, NDArray[np.float64]]:
    """Return what is drawn in space: by path, a position at each step [m], world frame."""
    found: dict[str, NDArray[np.float64]] = {}
    for key in ("zmp", "zmp_dynamics", "dcm", "com"):
        if (rows := _recorded(demo, f"{layout.BALANCE}/{key}")) is not None:
            found[f"world/{key}"] = rows if rows.shape[1] == 3 else _on_floor(rows)
    for path in demo.dataset_paths(layout.STATES):
        body, _, quantity = path.rpartition("/")
        rows = _recorded(demo, f"{layout.STATES}/{path}") if quantity == "root_pose" else None
        if rows is not None:
            found[f"world/{body.rpartition('/')[2]}"] = rows[:, :3]
    return found


def _texts(demo: Demo) -> dict[str, list[str]]:
    """Return what is told in words at each step, by path."""
    names = (*demo.json_texts("subgoals"), "done")
    texts = {"instruction": [demo.text("instruction")] * demo.steps}
    sentence, subgoal = _recorded(demo, layout.SENTENCE), _recorded(demo, layout.SUBGOAL)
    if sentence is not None and demo.has_attribute("said"):
        said = [entry[1] for entry in json.loads(demo.text("said"))]
        texts["instruction"] = [str(said[int(index)]) for index in sentence]
    if subgoal is not None:
        texts["subgoal"] = [names[min(int(index), len(names) - 1)] for index in subgoal]
    return texts


def _recorded(demo: Demo, path: str) -> NDArray[np.float64] | None:
    """Return a dataset of an episode; None if it was not recorded."""
    group, _, key = path.rpartition("/")
    is_there = key in (demo.keys(group) if group else demo.dataset_paths(""))
    return demo.array(path).astype(np.float64) if is_there else None


def _on_floor(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([rows, np.zeros(len(rows))])


def _name_of(field: object) -> str:
    return str(field.get("name", "")) if isinstance(field, dict) else ""


def _png(image: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "png", compress_level=1)
    return buffer.getvalue()
