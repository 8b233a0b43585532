"""`vla-humanoid export-usd`, as a user types it."""

from pathlib import Path

import pytest
from pxr import Usd

from vla_humanoid import cli
from vla_humanoid.envs.episode import sample_episode
from vla_humanoid.tasks import load_task


def test_a_task_is_exported_and_its_files_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "scene"
    line = f"export-usd --task PickPlace --seed 7 --randomization none --output {output}"
    assert cli.main(line.split()) == 0
    listed = [Path(name) for name in capsys.readouterr().out.split()]
    assert listed[0] == output / "scene.usda"
    assert all(path.is_file() for path in listed)
    stage = Usd.Stage.Open(str(listed[0]))
    episode = sample_episode(load_task("PickPlace"), 7, (), None)
    for thing in (*episode.scene.objects, *episode.scene.containers):
        place = stage.GetPrimAtPath(f"/World/{thing.name}").GetAttribute("xformOp:translate")
        assert tuple(place.Get()) == pytest.approx(thing.position, abs=1e-12)


def test_the_robot_alone_holds_its_posture(tmp_path: Path) -> None:
    output = tmp_path / "robot"
    assert cli.main(["export-usd", "--output", str(output)]) == 0
    stage = Usd.Stage.Open(str(output / "robot.usd"))
    knee = stage.GetPrimAtPath("/Robot/Joints/left_knee_joint")
    assert knee.GetAttribute("drive:angular:physics:stiffness").Get() > 0.0
    scene = Usd.Stage.Open(str(output / "scene.usda"))
    physics = scene.GetPrimAtPath("/World/PhysicsScene")
    assert physics.GetAttribute("physxScene:timeStepsPerSecond").Get() == 500


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--task", "Juggle"], "Unknown task 'Juggle'; choose one of "),
        (["--task", "PickPlace", "--seed", "-1"], "seed must be at least 0, not -1"),
        (["--task", "PickPlace", "--randomization", "gravity"], "Unknown randomization axis"),
    ],
)
def test_bad_requests_are_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert cli.main(["export-usd", *arguments, "--output", str(tmp_path / "scene")]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("error: ")
    assert printed.count("\n") == 1
    assert message in printed
    assert not list(tmp_path.iterdir())


def test_an_export_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["export-usd", "--output", str(tmp_path / "robot")]
    assert cli.main(line) == 0
    assert cli.main(line) == 2
    assert "exists already; choose another folder, or replace it with --overwrite" in (
        capsys.readouterr().err
    )
    assert cli.main([*line, "--overwrite"]) == 0
