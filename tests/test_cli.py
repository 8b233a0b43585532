"""The command line: its contracts, exit statuses and messages."""

import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from ctypes.util import find_library
from pathlib import Path

import h5py
import pytest

from vla_humanoid import cli, doctor
from vla_humanoid.data_collection import generation, replay_report
from vla_humanoid.data_collection.errors import (
    ConfigurationError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.data_collection.generation import Progress, Summary
from vla_humanoid.data_collection.output_file import check_output
from vla_humanoid.data_collection.run_config import GenerationConfig


class FakeGenerate:
    """Stands for `generation.generate`; remembers what it was asked for."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.config: GenerationConfig | None = None
        self.options: dict[str, object] = {}

    def __call__(self, config: GenerationConfig, output: Path, **options: object) -> Summary:
        self.config = config
        self.options = options
        if self.error is not None:
            raise self.error
        progress = Progress(2, 2, 3, {"dropped": 1}, 2, 6.0)
        return Summary(output, 1_500_000, progress, already_complete=False)


@pytest.fixture
def fake_generate(monkeypatch: pytest.MonkeyPatch) -> FakeGenerate:
    fake = FakeGenerate()
    monkeypatch.setattr(generation, "generate", fake)
    return fake


def test_generate_passes_everything_on(
    fake_generate: FakeGenerate, capsys: pytest.CaptureFixture[str]
) -> None:
    line = (
        "generate PickPlace --episodes 2 --output demos.hdf5 --seed 7 --workers 3 "
        "--cameras head external --image-size 96 --randomization lighting pushes "
        "--control-mode arm_joints --keep-failures --resume"
    )
    assert cli.main(line.split()) == 0
    assert fake_generate.config == GenerationConfig(
        "PickPlace", 2, 7, ("head", "external"), 96, ("lighting", "pushes"), "arm_joints", True
    )
    assert fake_generate.options["workers"] == 3
    assert fake_generate.options["existing"] == "resume"
    printed = capsys.readouterr().out
    assert "2 of 3 attempts, 66.7% (95 % Wilson interval 20.8% to 93.9%)" in printed
    assert "1 x dropped" in printed
    assert "20.0 successful episodes/min" in printed
    assert "1.5 MB" in printed
    assert "demos.hdf5" in printed


def test_generate_and_replay_take_an_engine(
    fake_generate: FakeGenerate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "generate PickPlace --output demos.hdf5 --engine physx"
    assert cli.main(line.split()) == 0
    assert fake_generate.config == GenerationConfig("PickPlace", engine="physx")
    assert cli.main(line.replace("physx", "bullet").split()) == 2
    assert "Unknown engine 'bullet'; choose one of mujoco, physx" in capsys.readouterr().err
    engines: list[str | None] = []

    def remember(
        dataset: object, episodes: object, console: object, engine: str | None = None
    ) -> bool:
        engines.append(engine)
        return True

    monkeypatch.setattr(replay_report, "report_replay", remember)
    monkeypatch.setattr("vla_humanoid.data_collection.dataset_file.open_dataset", nullcontext)
    for arguments in ([], ["--engine", "physx"]):
        assert cli.main(["replay", "demos.hdf5", *arguments]) == 0
    assert engines == [None, "physx"]


def test_generate_defaults(fake_generate: FakeGenerate) -> None:
    assert cli.main(["generate", "PickPlace", "--output", "demos.hdf5"]) == 0
    assert fake_generate.config == GenerationConfig("PickPlace")
    assert fake_generate.options["workers"] == 2
    assert fake_generate.options["existing"] == "refuse"


def test_no_cameras(fake_generate: FakeGenerate) -> None:
    assert cli.main(["generate", "PickPlace", "--output", "demos.hdf5", "--cameras"]) == 0
    assert fake_generate.config is not None
    assert fake_generate.config.cameras == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Juggle"], "Unknown task 'Juggle'; choose one of "),
        (["PickPlace", "--cameras", "nose"], "Unknown camera 'nose'; choose one of head"),
        (["PickPlace", "--randomization", "gravity"], "Unknown randomization axis 'gravity'"),
        (["PickPlace", "--control-mode", "telepathy"], "choose one of end_effector"),
        (
            ["PickPlace", "--control-mode", "joints"],
            "mode 'joints'; choose one of end_effector, arm_joints, right_arm.",
        ),
        (
            ["WalkToTarget", "--control-mode", "right_arm"],
            "WalkToTarget cannot be generated in control mode 'right_arm'; choose one of "
            "end_effector, arm_joints.",
        ),
        (["PickPlace", "--episodes", "-5"], "episodes must be at least 1, not -5"),
        (["PickPlace", "--image-size", "8"], "between 16 and 1024 [px], not 8"),
        (["PickPlace", "--workers", "0"], "workers must be at least 1, not 0"),
        (["PickPlace", "--overwrite", "--resume"], "contradict each other"),
    ],
)
def test_bad_requests_are_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    output = tmp_path / "demos.hdf5"
    assert cli.main(["generate", *arguments, "--output", str(output)]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("error: ")
    assert printed.count("\n") == 1
    assert message in printed
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("output", ["", ".", "/", "folder"])
def test_a_folder_is_no_output(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert cli.main(["generate", "PickPlace", "--output", output]) == 2
    printed = capsys.readouterr().err
    assert "is a folder; name a file, such as " in printed
    assert printed.endswith("demos.hdf5.\n")


def test_what_is_no_ordinary_file_is_no_output(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ConfigurationError, match="pipe is no ordinary file"):
        check_output(pipe, "overwrite")
    assert pipe.is_fifo()


def test_existing_output_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "demos.hdf5"
    output.write_text("precious")
    assert cli.main(["generate", "PickPlace", "--output", str(output)]) == 2
    assert "--resume" in capsys.readouterr().err
    assert output.read_text() == "precious"


@pytest.mark.parametrize(
    ("error", "status"),
    [(GenerationError("stopped"), 1), (GenerationInterrupted("Interrupted."), 130)],
)
def test_runs_that_stop_have_their_own_status(
    fake_generate: FakeGenerate, error: Exception, status: int
) -> None:
    fake_generate.error = error
    assert cli.main(["generate", "PickPlace", "--output", "demos.hdf5"]) == status


def test_reading_commands_name_a_file_that_is_no_dataset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.hdf5"
    with h5py.File(path, "w") as file:
        file["x"] = 1
    for command in ("inspect", "replay"):
        assert cli.main([command, str(path)]) == 2
        assert "other.hdf5 is not a dataset" in capsys.readouterr().err


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    program = "import sys; from vla_humanoid.cli import main; sys.exit(main())"
    # What an earlier test chose in this process must not decide.
    inherited = {k: v for k, v in os.environ.items() if k not in ("MUJOCO_GL", "PYOPENGL_PLATFORM")}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param(
            "osmesa",
            "cannot be rendered here as MUJOCO_GL=osmesa asks",
            marks=pytest.mark.skipif(bool(find_library("OSMesa")), reason="OSMesa is installed"),
        ),
        ("vulkan", "MUJOCO_GL='vulkan' is unknown; unset it, or choose one of egl"),
        ("off", "MUJOCO_GL=off switches rendering off"),
    ],
)
def test_generate_tells_at_once_that_images_cannot_be_rendered(
    tmp_path: Path, asked: str, message: str
) -> None:
    output = tmp_path / "demos.hdf5"
    arguments = ["generate", "PickPlace", "--episodes", "1", "--output", str(output)]
    done = command(*arguments, MUJOCO_GL=asked)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_without_images_no_graphics_are_needed(tmp_path: Path) -> None:
    output = tmp_path / "demos.hdf5"
    # PyOpenGL is reserved for EGL, so that OSMesa cannot work even where it is installed.
    broken = {"MUJOCO_GL": "osmesa", "PYOPENGL_PLATFORM": "egl"}
    arguments = ["--episodes", "1", "--workers", "1", "--cameras", "--output", str(output)]
    done = command("generate", "PickPlace", *arguments, **broken)
    assert done.returncode == 0, done.stderr
    done = command("replay", str(output), **broken)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 recorded successes succeeded again" in done.stdout


@pytest.mark.parametrize("option", ["--seed 3", "--randomization none"])
def test_an_episode_is_exported_of_a_task_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    line = f"export-usd --output {tmp_path / 'robot'} {option}"
    assert cli.main(line.split()) == 2
    assert "name its --task, too" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_doctor_prints_commands_to_be_copied_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = "python3.12 -m venv .venv-isaac && .venv-isaac/bin/pip install 'vla-humanoid[isaac]'"
    checks = (
        doctor.Check("python", "ok", "3.11.9"),
        doctor.Check("isaaclab", "optional", "is not installed", command),
    )
    monkeypatch.setattr(doctor, "run_doctor", lambda: checks)
    assert cli.main(["doctor"]) == 0
    assert f"isaaclab: {command}" in capsys.readouterr().out.splitlines()
    monkeypatch.setattr(doctor, "run_doctor", lambda: (doctor.Check("h5py", "missing", "", "x"),))
    assert cli.main(["doctor"]) == 1


def test_help_explains_every_argument_and_is_fast() -> None:
    program = (
        "import sys\n"
        "from vla_humanoid.cli import main\n"
        "try:\n"
        "    main(['generate', '--help'])\n"
        "finally:\n"
        "    heavy = {'mujoco', 'h5py', 'av', 'PIL'} & set(sys.modules)\n"
        "    assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    for word in (
        "--episodes",
        "--output",
        "--seed",
        "--workers",
        "--cameras",
        "--image-size",
        "--randomization",
        "--control-mode",
        "--keep-failures",
        "--overwrite",
        "--resume",
        "pixels",
        "default: 50",
    ):
        assert word in done.stdout


def test_being_asked_to_end_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cleared: list[bool] = []

    def envs() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5.0)
        finally:
            cleared.append(True)
        return 0

    monkeypatch.setattr(cli, "COMMANDS", (envs, cli.doctor))
    before = signal.getsignal(signal.SIGTERM)
    assert cli.main(["envs"]) == 130
    assert cleared
    assert capsys.readouterr().err == "interrupted\n"
    assert signal.getsignal(signal.SIGTERM) == before
