"""Which samples a run sees, and what is changed about them."""

import shutil
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from reaching import STEPS, ReachingEnv

from vla_humanoid.data_collection import Dataset
from vla_humanoid.policies.images import prepare
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.training.augmentation import change_light, hide_states, margins, shift_images
from vla_humanoid.training.batches import batches
from vla_humanoid.training.distributed import ALONE, Share
from vla_humanoid.training.draws import Draws
from vla_humanoid.training.grip_changes import GripChangeOrder, holds_change, more_often
from vla_humanoid.training.keypose_table import KeyposeTable
from vla_humanoid.training.model_making import cropped, describe, views


def states(dataset: Dataset, count: int, start: int = 0, share: Share = ALONE) -> torch.Tensor:
    table = KeyposeTable(dataset, describe(dataset), 1)
    drawn = batches(dataset, table, 8, start, 0, share)
    return torch.cat([seen.state for seen, _ in islice(drawn, count)])


def test_batches_are_taken_up_where_they_were_left(demos: Path) -> None:
    dataset = Dataset(demos, action_steps=4)
    each = len(dataset) // 8
    whole = states(dataset, each + 3)
    torch.testing.assert_close(states(dataset, 4, start=each - 1), whole[8 * (each - 1) :])


def test_processes_share_each_batch(demos: Path) -> None:
    dataset = Dataset(demos, action_steps=4)
    whole = states(dataset, 3).view(3, 8, -1)
    parts = [states(dataset, 3, share=Share(rank, 2)).view(3, 4, -1) for rank in range(2)]
    torch.testing.assert_close(torch.cat(parts, dim=1), whole)


def test_files_are_mixed_in_exact_ratios(demos: Path, few_demos: Path) -> None:
    dataset = Dataset([demos, few_demos], weights=(1, 3), samples=64)
    table = KeyposeTable(dataset, describe(dataset), 1)
    files = [dataset[index].file for index in range(64)]
    assert (files.count(0), files.count(1)) == (16, 48)
    drawn = batches(dataset, table, 64, 0, 0)
    seen, _ = next(drawn)
    ours = sorted(seen.state[:, 0].tolist())
    assert ours == sorted(float(dataset[index].state[-1, 0]) for index in range(64))


def test_changes_of_grip_are_found(demos: Path) -> None:
    spec = ReachingEnv.action_spec
    for episode in Dataset(demos).episodes():
        grip = episode.actions[:, [field.name for field in spec.fields].index("right_grip")]
        change = int(np.flatnonzero(np.diff(grip))[0]) + 1
        near = holds_change(episode.actions, spec, 4)
        assert np.flatnonzero(near).tolist() == list(range(change - 3, change + 1))
        assert len(near) == STEPS


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 2)), min_size=1, max_size=60),
    st.floats(1.0, 20.0),
    st.integers(0, 5),
)
def test_what_is_chosen_comes_more_often_and_files_keep_their_shares(
    samples: list[tuple[bool, int]], weight: float, seed: int
) -> None:
    chosen = np.array([near for near, _ in samples])
    files = np.array([file for _, file in samples])
    positions = more_often(chosen, files, weight, (seed,))
    np.testing.assert_array_equal(files[positions], files)
    for file in np.unique(files):
        own = np.flatnonzero(files == file)
        weights = np.where(chosen[own], weight, 1.0)
        wanted = weights / weights.sum() * len(own)
        counted = np.bincount(positions[own], minlength=len(files))[own]
        assert (np.abs(counted - wanted) < 1.0 + 1e-6).all()


def test_the_order_follows_from_seed_and_epoch(demos: Path) -> None:
    dataset = Dataset(demos, action_steps=4)
    order = GripChangeOrder(dataset, describe(dataset).action, 4, 3.0, seed=1)
    np.testing.assert_array_equal(order(2), order(2))
    assert (order(2) != order(3)).any()


def test_a_dataset_can_be_cut_to_its_first_episodes(demos: Path, tmp_path: Path) -> None:
    copy = shutil.copy(demos, tmp_path / "copy.hdf5")
    dataset = Dataset([demos, copy], episodes=2)
    assert len(dataset) == 2 * 2 * STEPS
    assert {(sample.file, sample.episode) for sample in dataset} == {
        (file, episode.name)
        for file, episodes in enumerate(dataset.episodes_by_file())
        for episode in episodes
    }


def test_which_step_a_sample_is_of_is_known_without_reading_it(demos: Path) -> None:
    dataset = Dataset([demos, demos])
    files, numbers = dataset.draw(range(len(dataset)))
    steps = [(episode.name, step) for episode in Dataset(demos).episodes() for step in range(STEPS)]
    for index in range(0, len(dataset), 7):
        sample = dataset[index]
        assert files[index] == sample.file
        assert steps[numbers[index]] == (sample.episode, sample.step)


def test_changes_of_grip_are_drawn_more_often_wherever_they_are(demos: Path) -> None:
    dataset = Dataset([demos, demos], action_steps=4)
    spec = describe(dataset).action
    order = GripChangeOrder(dataset, spec, 4, 1000.0, seed=1)
    near = {one.name: holds_change(one.actions, spec, 4) for one in Dataset(demos).episodes()}
    drawn = dataset.__getitems__(order(3)[:200].tolist())
    assert np.mean([near[sample.episode][sample.step] for sample in drawn]) > 0.9


def test_draws_do_not_depend_on_the_number_of_processes() -> None:
    whole = Draws(3, 7, 8)
    parts = [Draws(3, 7, 4, rank, 2) for rank in range(2)]
    for count in (2, 1):
        both = torch.cat([part.uniform(count) for part in parts])
        torch.testing.assert_close(both, whole.uniform(count), rtol=0, atol=0)


def test_light_changes_by_no_more_than_it_may() -> None:
    images = {"head": torch.full((64, 4, 4, 3), 128, dtype=torch.uint8)}
    changed = change_light(images, 0.1, Draws(0, 0, 64))["head"].float()
    assert (changed - 128).abs().max() <= 0.1 * 128 + 0.1 * 127.5 + 1
    assert changed.std() > 1.0
    same = change_light(images, 0.0, Draws(0, 0, 64))["head"]
    torch.testing.assert_close(same, images["head"])


def test_light_scales_and_lifts_each_image_as_drawn() -> None:
    images = torch.arange(256, dtype=torch.uint8).repeat(8, 3).view(8, 16, 16, 3)
    drawn = (2.0 * Draws(0, 5, 8).uniform(2) - 1.0) * 0.5
    gain, offset = (1.0 + drawn[:, 0]), 255.0 * 0.5 * drawn[:, 1]
    wanted = images * gain.view(8, 1, 1, 1) + offset.view(8, 1, 1, 1)
    (relit,) = change_light({"head": images}, 0.5, Draws(0, 5, 8)).values()
    assert relit.dtype == torch.uint8
    torch.testing.assert_close(relit, wanted.clamp(0, 255).to(torch.uint8))


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_model_sees_as_little_as_it_is_told(demos: Path, scale: float) -> None:
    description = describe(Dataset(demos))
    for whole, view in zip(views(description, ()), views(description, (), scale), strict=True):
        part = (whole.top, whole.bottom, whole.left, whole.right)
        assert (view.top, view.bottom, view.left, view.right) == part
        assert (view.height, view.width) == (
            round(whole.height * scale),
            round(whole.width * scale),
        )


def test_a_shift_moves_what_the_view_shows_and_its_middle_is_what_acts() -> None:
    whole = CameraInput("head", 8, 8, top=0.25, bottom=0.75)
    (view,) = cropped((whole,), 0.125)
    assert (view.top, view.bottom, view.left, view.right) == (0.3125, 0.6875, 0.125, 0.875)
    margin = margins((view,), 0.125)
    assert margin["head"] == pytest.approx((0.0625, 0.125))
    rows = torch.arange(32, dtype=torch.uint8)
    images = (rows[:, None, None] * 4 + rows[None, :, None]).expand(200, 32, 32, 3).contiguous()
    shifted = shift_images({"head": images}, margin, Draws(0, 1, 200))["head"]
    moves = images[:, 16, 16, 0].int() - shifted[:, 16, 16, 0].int()
    found = {int(move) for move in moves.unique()}
    assert found <= {4 * down + right for down in range(-2, 3) for right in range(-4, 5)}
    assert len(found) > 15
    # No edge comes into view: what it shows is always a part of the image.
    for image in shifted:
        shown = prepare(image[None], view)
        assert len(shown.unique()) > 8


def test_hidden_states_are_nothing_once_standardized() -> None:
    state, mean = torch.randn(400, 3), torch.tensor([1.0, 2.0, 3.0])
    hidden = hide_states(state, mean, 0.25, Draws(0, 0, 400))
    gone = (hidden == mean).all(dim=1)
    assert 0.15 < gone.float().mean() < 0.35
    torch.testing.assert_close(hidden[~gone], state[~gone])
