"""The commands one after another, on the real robot."""

from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection.dataset_file import open_dataset


@pytest.mark.slow
def test_generate_inspect_replay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output, video, sheet = (tmp_path / name for name in ("demos.hdf5", "demo.mp4", "sheet.png"))
    request = f"generate PickPlace --episodes 2 --image-size 64 --output {output}"
    assert cli.main(request.split()) == 0
    assert (
        cli.main(["inspect", str(output), "--video", "1", str(video), "--sheet", str(sheet)]) == 0
    )
    assert video.stat().st_size > 1000
    assert sheet.stat().st_size > 1000
    with open_dataset(output) as dataset:
        instruction = dataset.demo("demo_0").text("instruction")
        assert dataset.demo("demo_0").cameras == ("head", "right_wrist")
    assert instruction.split()[0] in capsys.readouterr().out
    assert cli.main(["replay", str(output)]) == 0
    assert "2 of 2 recorded successes succeeded again; largest state deviation 0\n" in (
        capsys.readouterr().out
    )
    assert cli.main(["envs"]) == 0
    assert "VLAHumanoid-PickPlace-v0" in capsys.readouterr().out
