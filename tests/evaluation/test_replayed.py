"""Recorded episodes, carried out again as a policy."""

from pathlib import Path

import pytest

from vla_humanoid import cli
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.generation import generate
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.replayed import RecordedEpisodes
from vla_humanoid.evaluation.run import evaluate


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recorded") / "demos.hdf5"
    config = GenerationConfig("PressButton", episodes=2, cameras=(), randomization=("colors",))
    generate(config, path, workers=1)
    return path


def config_of(demos: Path, axis: str = "colors", mode: str = "end_effector") -> EvaluationConfig:
    return EvaluationConfig(f"replay:{demos}", control_mode=mode, randomization=(axis,))


def test_what_was_recorded_succeeds_again_step_by_step(demos: Path, tmp_path: Path) -> None:
    found = evaluate(config_of(demos), ("PressButton",), 5, tmp_path)
    with open_dataset(demos) as dataset:
        recorded = [(demo.seed, demo.steps) for demo in dataset.demos()]
    assert [(one.seed, one.steps) for one in found.episodes] == recorded
    assert all(one.success for one in found.episodes)


@pytest.mark.parametrize(
    ("axis", "mode", "said"),
    [
        ("none", "end_effector", "with randomization colors.*pass --randomization colors"),
        ("colors", "arm_joints", "pass --control-mode end_effector"),
    ],
)
def test_another_environment_is_refused(
    demos: Path, tmp_path: Path, axis: str, mode: str, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        evaluate(config_of(demos, axis, mode), ("PressButton",), 1, tmp_path)


def test_what_is_not_on_record_is_told(demos: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no episodes of Stack; it has: PressButton"):
        evaluate(config_of(demos), ("Stack",), 1, tmp_path)
    with pytest.raises(ConfigurationError, match="no episode of PressButton with seed 3"):
        RecordedEpisodes(demos).find("PressButton", 3)
    with pytest.raises(DatasetError):
        RecordedEpisodes(tmp_path / "nothing.hdf5")


@pytest.mark.parametrize("asked", [["--live"], ["--words", "blank"]])
def test_options_that_make_no_sense_are_refused(
    demos: Path, tmp_path: Path, asked: list[str]
) -> None:
    words = ["--policy", f"replay:{demos}", "--task", "PressButton", "--output", str(tmp_path)]
    assert cli.main(["evaluate", *words, *asked]) == 2
    assert not list(tmp_path.iterdir())
