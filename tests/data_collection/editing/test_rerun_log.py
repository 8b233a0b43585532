"""A log that Rerun's own reader reads back: every number and image at its step."""

import io
import json
import shutil
import sys
from collections import defaultdict
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset, h5_group
from PIL import Image

from vla_humanoid import cli
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.editing.rerun_log import save_log
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError

Rows = dict[str, list[tuple[int, float, dict[str, object]]]]


def read_back(path: Path) -> Rows:
    """What a log holds by entity: step, seconds and components of every row, in order."""
    chunk = pytest.importorskip("rerun.chunk")
    found: Rows = defaultdict(list)
    for part in chunk.RrdReader(path).stream().to_chunks():
        if part.is_static:
            continue
        batch = part.to_record_batch()
        steps, times = (batch.column(name).cast("int64").to_pylist() for name in ("step", "time"))
        data = [name for name in batch.schema.names if ":" in name]
        columns = {name: batch.column(name).to_pylist() for name in data}
        for row, (step, time) in enumerate(zip(steps, times, strict=True)):
            values = {name: column[row] for name, column in columns.items()}
            found[part.entity_path].append((step, 1e-9 * time, values))
    return {name: sorted(rows, key=lambda row: row[0]) for name, rows in found.items()}


def numbers(rows: Rows, entity: str, component: str) -> np.ndarray:
    return np.array([flat(row[2][component]) for row in rows[entity]])


def flat(value: object) -> np.ndarray:
    return np.array(value).ravel()


@pytest.fixture
def corrected(small_dataset: Path, tmp_path: Path) -> Path:
    """An episode that is told something else at step 4, whose first sub-goal ends at step 5."""
    path = tmp_path / "corrected.hdf5"
    shutil.copy(small_dataset, path)
    with h5py.File(path, "r+") as file:
        h5_group(file, "data/demo_0").attrs["said"] = json.dumps([[0, "this"], [4, "no, that"]])
        h5_dataset(file, "data/demo_0/sentence")[4:] = 1
    return path


def test_everything_is_on_one_timeline(corrected: Path, tmp_path: Path) -> None:
    pytest.importorskip("rerun")
    output = tmp_path / "episode.rrd"
    with open_dataset(corrected) as dataset:
        save_log(dataset, "demo_0", output)
        rows, demo = read_back(output), dataset.demo("demo_0")
        steps = list(range(demo.steps))
        every_step = {name for name, found in rows.items() if len(found) == demo.steps}
        robot = "states/articulation/robot"
        for entity, path in (
            ("/actions", "actions"),
            ("/joints/position", f"{robot}/joint_position"),
            ("/joints/velocity", f"{robot}/joint_velocity"),
            ("/balance/zmp", "balance/zmp"),
            ("/balance/com", "balance/com"),
            ("/balance/dcm", "balance/dcm"),
            ("/balance/support_margin", "balance/support_margin"),
            ("/progress", "progress"),
        ):
            assert entity in every_step
            recorded = np.float64(demo.array(path)).reshape(demo.steps, -1)
            np.testing.assert_array_equal(numbers(rows, entity, "Scalars:scalars"), recorded)
        for camera in demo.cameras:
            entity = f"/cameras/{camera}"
            assert [row[0] for row in rows[entity]] == steps
            for step in steps:
                blob = flat(rows[entity][step][2]["EncodedImage:blob"]).astype(np.uint8)
                image = np.asarray(Image.open(io.BytesIO(blob.tobytes())))
                np.testing.assert_array_equal(image, demo.image(camera, step))
        cube = demo.array("states/rigid_object/red_cube/root_pose").astype(np.float32)[:, :3]
        drawn = numbers(rows, "/world/red_cube", "Points3D:positions")
        np.testing.assert_array_equal(np.float32(drawn), cube)
        assert {"/world/zmp", "/world/dcm", "/world/com", "/world/support_polygon"} <= every_step
    said = [(row[0], row[2]["TextDocument:text"]) for row in rows["/instruction"]]
    assert [(step, str(flat(text)[0])) for step, text in said] == [(0, "this"), (4, "no, that")]
    assert [row[0] for row in rows["/subgoal"]] == [0, 5]
    seconds = [row[1] for row in rows["/actions"]]
    np.testing.assert_allclose(seconds, np.array(steps) / 20, atol=1e-9)


def test_a_log_that_cannot_be_written_leaves_nothing(corrected: Path, tmp_path: Path) -> None:
    pytest.importorskip("rerun")
    with open_dataset(corrected) as dataset:
        for output, message in (
            (tmp_path / "log.txt", "must end in .rrd"),
            (tmp_path / "no" / "log.rrd", "does not exist"),
        ):
            with pytest.raises(ConfigurationError, match=message):
                save_log(dataset, "demo_0", output)
        with pytest.raises(DatasetError, match="'demo_77' is missing"):
            save_log(dataset, "demo_77", tmp_path / "log.rrd")
    with h5py.File(corrected, "r+") as file:
        frames = h5_dataset(file, "data/demo_0/obs/head_image")
        frames.id.write_direct_chunk((3, 0, 0, 0), b"no zlib stream")
    with open_dataset(corrected) as dataset, pytest.raises(DatasetError):
        save_log(dataset, "demo_0", tmp_path / "log.rrd")
    assert list(tmp_path.iterdir()) == [corrected]


def test_without_rerun_the_extra_is_named(
    corrected: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "rerun", None)
    assert cli.main(["log", str(corrected), "--output", str(tmp_path / "log.rrd")]) == 2
    assert "pip install 'vla-humanoid[rerun]'" in capsys.readouterr().err
    assert cli.main(["log", str(corrected)]) == 2
    assert "Say where to" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [corrected]
