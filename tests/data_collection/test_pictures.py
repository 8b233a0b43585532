from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.pictures import write_contact_sheet, write_video


def test_video_shows_every_step_with_the_cameras_side_by_side(
    small_dataset: Path, tmp_path: Path
) -> None:
    path = tmp_path / "episode.mp4"
    with open_dataset(small_dataset) as dataset:
        write_video(dataset, 1, path)
        demo = dataset.demo("demo_1")
        expected = [demo.image(camera, 3).mean() for camera in ("head", "right_wrist")]
        steps = demo.steps
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.average_rate == 20
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
    assert len(frames) == steps
    height, width, _ = frames[3].shape
    assert (width, height) == (480, 268)
    found = [frames[3][:240, :240].mean(), frames[3][:240, 240:].mean()]
    np.testing.assert_allclose(found, expected, atol=4)
    assert frames[3][240:].min() < 100 < frames[3][240:].mean()


def test_sheet_has_a_row_for_each_demo(small_dataset: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    with open_dataset(small_dataset) as dataset:
        write_contact_sheet(dataset, path)
    with Image.open(path) as sheet:
        assert sheet.size == (5 * 480, 6 * 268)


def test_bad_targets_are_told(small_dataset: Path, tmp_path: Path) -> None:
    with open_dataset(small_dataset) as dataset:
        with pytest.raises(ConfigurationError, match=r"must end in \.mp4"):
            write_video(dataset, 0, tmp_path / "out.avi")
        with pytest.raises(ConfigurationError, match="does not exist"):
            write_contact_sheet(dataset, tmp_path / "missing" / "out.png")
        with pytest.raises(DatasetError, match="demo_9"):
            write_video(dataset, 9, tmp_path / "out.mp4")
    assert not list(tmp_path.iterdir())
