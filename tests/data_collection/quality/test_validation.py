"""Each check passes what is sound, and fails what it is there to find."""

import json
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5_content import h5_dataset, h5_group, h5_text

from vla_humanoid.cli import main
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.editing.rebuilt_episode import rebuild
from vla_humanoid.data_collection.editing.source import open_source
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.quality import validation
from vla_humanoid.data_collection.quality.alignment import AlignmentCheck, best_shift
from vla_humanoid.data_collection.quality.check import Check
from vla_humanoid.data_collection.quality.checksums import ChecksumCheck
from vla_humanoid.data_collection.quality.duplicates import DuplicateCheck
from vla_humanoid.data_collection.quality.finding import CheckResult
from vla_humanoid.data_collection.quality.images import ImageCheck
from vla_humanoid.data_collection.quality.language import LanguageCheck
from vla_humanoid.data_collection.quality.outcome import OutcomeCheck
from vla_humanoid.data_collection.quality.outliers import OutlierCheck
from vla_humanoid.data_collection.quality.probing import probe
from vla_humanoid.data_collection.quality.resimulation import ResimulationCheck
from vla_humanoid.data_collection.quality.schema import SchemaCheck
from vla_humanoid.data_collection.quality.validation import validate


@pytest.fixture(autouse=True)
def in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "probe", lambda path: None)


def results(path: Path, *checks: Check) -> list[CheckResult]:
    return list(validate(path, 5, checks or None).results)


def test_a_sound_file_passes_every_check(real_dataset: Path) -> None:
    report = validate(real_dataset, 2)
    assert [(result.name, result.findings) for result in report.results if result.findings] == []
    assert {result.status for result in report.results} == {"passed"}
    assert {result.examined for result in report.results} == {2}
    assert report.passed(strict=True)


def test_only_a_sample_is_simulated_and_rendered(real_dataset: Path) -> None:
    checks = ResimulationCheck(), ImageCheck(), SchemaCheck()
    report = validate(real_dataset, 1, checks)
    assert [result.examined for result in report.results] == [2, 1, 1, 2]


def shift_actions(demo: h5py.Group) -> None:
    shift(demo, "actions", 1)


def shift(demo: h5py.Group, path: str, step: int) -> None:
    rows = h5_dataset(demo.file, f"{demo.name}/{path}")
    values = rows[:]
    rows[...] = np.concatenate([values[:step], values[:-step]])


def shift_states(demo: h5py.Group) -> None:
    with open_dataset(Path(demo.file.filename)) as dataset:
        paths = dataset.demo("demo_0").dataset_paths("states")
    for path in paths:
        shift(demo, f"states/{path}", 1)


def shift_images(demo: h5py.Group) -> None:
    shift(demo, "obs/right_wrist_image", 1)


def shift_observation(demo: h5py.Group) -> None:
    shift(demo, "obs/state", 1)


def spoil_image(demo: h5py.Group) -> None:
    images = h5_dataset(demo.file, f"{demo.name}/obs/head_image")
    images[0] = 255 - images[0]


def spoil_reward(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/rewards")[3] = 0.25


def spoil_frame(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/obs/head_image")[5, 0, 0, 0] ^= 1


def spoil_sentence(demo: h5py.Group) -> None:
    demo.attrs["instruction"] = "make me a sandwich"


def empty_sentence(demo: h5py.Group) -> None:
    demo.attrs["instruction"] = " "


def ask_for_another_goal(demo: h5py.Group) -> None:
    with open_source(Path(demo.file.filename)) as source:
        rebuilt = rebuild(source, source.dataset.demo("demo_0"))
    other = rebuilt.task.counterfactuals(rebuilt.episode)[0].instruction.text
    demo.attrs["paraphrases"] = json.dumps([other])


def deny_success(demo: h5py.Group) -> None:
    demo.attrs["success"] = False
    demo.attrs["failure"] = "timeout"


def leave_everything_where_it_was(demo: h5py.Group) -> None:
    for path in [*h5_group(demo.file, f"{demo.name}/states/rigid_object")]:
        pose = f"rigid_object/{path}/root_pose"
        first = h5_dataset(demo.file, f"{demo.name}/states/{pose}")[0]
        for group in ("states", "final_state"):
            h5_dataset(demo.file, f"{demo.name}/{group}/{pose}")[...] = first


def stretch_a_quaternion(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/states/articulation/robot/root_pose")[4, 3:] *= 1.1


def end_early(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/dones")[3] = 1


def count_too_far(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/subgoal")[3] = 9


def act_out_of_bounds(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/actions")[3, 0] = 1.5


def forget_the_final_state(demo: h5py.Group) -> None:
    del demo["final_state"]


def spin(demo: h5py.Group) -> None:
    h5_dataset(demo.file, f"{demo.name}/states/articulation/robot/joint_velocity")[3, 7] = 500


def copy_demo(demo: h5py.Group) -> None:
    demo.file.copy(demo, "data/demo_2")


@pytest.mark.parametrize(
    ("spoil", "check", "message"),
    [
        (shift_actions, ResimulationCheck, "shifted by a step|does not follow"),
        (shift_states, ResimulationCheck, "actions and states are shifted by a step"),
        (shift_states, AlignmentCheck, r"obs/state\[t\] fits states\[t\+1\] better"),
        (shift_observation, AlignmentCheck, r"obs/state\[t\] fits states\[t-1\] better"),
        (shift_observation, ResimulationCheck, "obs/state does not follow from its actions"),
        (shift_images, ImageCheck, r"right_wrist are shifted: states\[t\] look like image t\+1"),
        (shift_states, ImageCheck, r"are shifted: states\[t\] look like image t-1"),
        (spoil_image, ImageCheck, "image 0 of head does not show its state"),
        (spoil_reward, ChecksumCheck, "rewards is not what was recorded"),
        (spoil_frame, ChecksumCheck, "obs/head_image is not what was recorded"),
        (spoil_sentence, LanguageCheck, "'make me a sandwich' is not understood"),
        (empty_sentence, LanguageCheck, "no instruction"),
        (ask_for_another_goal, LanguageCheck, "asks for another goal"),
        (deny_success, OutcomeCheck, r"a failure \(timeout\), but its states reach the goal"),
        (leave_everything_where_it_was, OutcomeCheck, "a success, but its states do not reach"),
        (stretch_a_quaternion, SchemaCheck, "root_pose holds a quaternion whose length is not 1"),
        (end_early, SchemaCheck, "dones is not 0 up to the last step"),
        (count_too_far, SchemaCheck, r"subgoal lies outside \[0, 3\]"),
        (act_out_of_bounds, SchemaCheck, "an action is 1.5"),
        (forget_the_final_state, SchemaCheck, "no 'final_state'"),
        (copy_demo, DuplicateCheck, "the same actions and sentence as demo_2"),
        (spin, OutlierCheck, "joint speed 500 rad/s"),
    ],
)
def test_what_is_wrong_is_found(
    real_copy: Path, spoil: Callable[[h5py.Group], None], check: type[Check], message: str
) -> None:
    with h5py.File(real_copy, "r+") as file:
        spoil(h5_group(file, "data/demo_0"))
    _, result = results(real_copy, check())
    assert result.status == ("warned" if check is OutlierCheck else "failed")
    first = result.findings[0]
    assert first.demo == "demo_0"
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(first.message)
    assert {finding.demo for finding in result.findings} == {"demo_0"}


def test_other_versions_excuse_deviations_but_no_shift(real_copy: Path) -> None:
    with h5py.File(real_copy, "r+") as file:
        versions = json.loads(h5_text(file, "data", "versions")) | {"mujoco": "3.0.0"}
        file["data"].attrs["versions"] = json.dumps(versions)
        shift_observation(h5_group(file, "data/demo_0"))
    assert results(real_copy, ResimulationCheck())[1].status == "warned"
    with h5py.File(real_copy, "r+") as file:
        shift_states(h5_group(file, "data/demo_0"))
    assert results(real_copy, ResimulationCheck())[1].status == "failed"


def test_masks_and_totals_must_fit(real_copy: Path) -> None:
    with h5py.File(real_copy, "r+") as file:
        del file["mask/train"]
        file["mask/train"] = np.array([b"demo_0", b"demo_0", b"demo_7"])
        file["data"].attrs["total"] = 3
    messages = [finding.message for finding in results(real_copy, SchemaCheck())[0].findings]
    assert "/mask/train names demo_7, which is not there" in messages
    assert "/mask/train names an episode twice" in messages
    assert any(message.startswith("total is 3, but") for message in messages)


def test_an_episode_unlike_the_others_stands_out(
    dataset_with_failures: Path, tmp_path: Path
) -> None:
    path = tmp_path / "copy.hdf5"
    path.write_bytes(dataset_with_failures.read_bytes())
    assert results(path, OutlierCheck())[1].status == "passed"
    with h5py.File(path, "r+") as file:
        h5_dataset(file, "data/demo_1/actions")[2, 0] = 30.0
    found = results(path, OutlierCheck())[1].findings
    assert [finding.demo for finding in found] == ["demo_1"]
    assert found[0].message.startswith("action jump")


def test_a_file_without_images_or_checksums_is_not_failed(real_copy: Path, tmp_path: Path) -> None:
    with h5py.File(real_copy, "r+") as file:
        for demo in ("demo_0", "demo_1"):
            for camera in ("head", "right_wrist"):
                del file[f"data/{demo}/obs/{camera}_image"]
    _, result = results(real_copy, ImageCheck())
    assert result.status == "skipped"
    assert set(result.skipped.values()) == {"it has no images"}


def test_the_command_prints_a_table_and_says_by_its_exit_status(
    real_dataset: Path, real_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(real_dataset), "--sample", "0"]) == 0
    assert "sound" in capsys.readouterr().out
    with h5py.File(real_copy, "r+") as file:
        spoil_sentence(h5_group(file, "data/demo_0"))
        spin(h5_group(file, "data/demo_1"))
    assert main(["validate", str(real_copy), "--sample", "0"]) == 1
    printed = capsys.readouterr().out
    assert "error: language: demo_0: 'make me a sandwich' is not understood" in printed
    assert "warning: outliers: demo_1: joint speed 500" in printed
    assert main(["validate", str(real_copy), "--sample", "0", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert not report["passed"]
    assert {check["name"]: check["status"] for check in report["checks"]}["language"] == "failed"


def test_warnings_count_where_one_is_strict(real_copy: Path) -> None:
    with h5py.File(real_copy, "r+") as file:
        file["data"].attrs["complete"] = False
    report = validate(real_copy, 0, (SchemaCheck(),))
    assert report.passed()
    assert not report.passed(strict=True)


def test_a_negative_sample_is_refused(real_dataset: Path) -> None:
    with pytest.raises(ConfigurationError, match="--sample must not be negative"):
        validate(real_dataset, -1)


def test_damage_that_hangs_hdf5_is_an_error(real_copy: Path) -> None:
    """An object without a number and without a size: HDF5 2.0 never gets past it."""
    content = bytearray(real_copy.read_bytes())
    place = -1
    while (place := content.find(b"GCOL", place + 1)) >= 0:
        content[place + 16 : place + 32] = bytes(16)
    real_copy.write_bytes(content)
    with pytest.raises(DatasetError, match=r"copy\.hdf5 is damaged: HDF5 does not come back"):
        probe(real_copy, patience=10.0)


def test_a_file_that_reads_is_passed_on_as_it_is(real_dataset: Path) -> None:
    before = real_dataset.read_bytes()
    probe(real_dataset)
    assert real_dataset.read_bytes() == before


@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_the_shift_is_found_under_noise(ahead: int) -> None:
    rng = np.random.default_rng(0)
    moved = np.cumsum(rng.normal(size=(60, 5)), axis=0)
    rows, others = moved[5:50], moved[5 - ahead : 50 - ahead]
    noisy = rows + rng.normal(scale=0.2, size=rows.shape)
    assert best_shift(noisy, others) == ahead
