"""Recordings of others may lack entries; what stands in for them teaches a model nothing."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from shared_step import SPEC, batch, model
from tiny_train import add_tiny

from vla_humanoid.cli import main
from vla_humanoid.policies.heads.registry import HEADS
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.action_error import ActionError
from vla_humanoid.training.batches import Seen
from vla_humanoid.training.losses import Truth, losses
from vla_humanoid.training.validation import Validation

ALL = slice(None)


def gradients(policy: PolicyModel, seen: Seen, truth: Truth) -> dict[str, torch.Tensor]:
    policy.zero_grad()
    torch.manual_seed(0)
    output = policy(seen.images, seen.state, seen.sentences, felt=seen.felt)
    parts = losses(policy, output, truth)
    parts.total(0.5).backward()
    assert parts.action.item() > 0
    return {name: one.grad for name, one in policy.named_parameters() if one.grad is not None}


def with_other_stand_ins(seen: Seen, truth: Truth) -> tuple[Seen, Truth]:
    there = truth.present[:, None]
    return (
        replace(seen, state=seen.state.where(seen.felt, 7.0)),
        replace(
            truth,
            actions=truth.actions.where(there, -0.7),
            keyposes=truth.keyposes.where(there, 0.3),
        ),
    )


@pytest.mark.parametrize("head", HEADS)
def test_stand_ins_change_no_gradient(head: str) -> None:
    policy = model(head)
    seen, truth = batch(ALL)
    assert not truth.present.all()
    assert not seen.felt.all()
    ours = gradients(policy, seen, truth)
    theirs = gradients(policy, *with_other_stand_ins(seen, truth))
    for name, gradient in ours.items():
        torch.testing.assert_close(gradient, theirs[name], msg=name)


@pytest.mark.parametrize("head", HEADS)
def test_where_all_is_there_nothing_is_masked(head: str) -> None:
    policy = model(head)
    seen, truth = batch(ALL)
    whole = replace(truth, present=torch.ones_like(truth.present))
    features = torch.randn(6, 4, 32, generator=torch.Generator().manual_seed(2))
    plain, masked = (
        policy.model.head.loss(
            features, truth.actions, truth.padding, torch.Generator().manual_seed(0), present
        )
        for present in (None, whole.present)
    )
    torch.testing.assert_close(plain, masked)
    some = gradients(policy, seen, truth)
    every = gradients(policy, seen, whole)
    assert any(not torch.equal(one, every[name]) for name, one in some.items())


def test_stand_ins_are_not_validated() -> None:
    policy = model().eval()
    seen, truth = batch(ALL)
    grips = [field.name.endswith("grip") for field in SPEC.fields]
    lacking = replace(truth, present=truth.present & ~torch.tensor(grips))
    validation = Validation([(seen, lacking)], ActionError(SPEC), 0.5)
    again = Validation([with_other_stand_ins(seen, lacking)], ActionError(SPEC), 0.5)
    found = validation(policy)
    assert again(policy) == pytest.approx(found)
    assert "grip" not in found
    assert "grip" in Validation([(seen, truth)], ActionError(SPEC), 0.5)(policy)


def test_a_file_that_lacks_an_entry_is_trained_on_without_it(demos: Path, tmp_path: Path) -> None:
    """What stands in for it does not matter for any weight."""
    add_tiny()
    folders: list[Path] = []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        path = Path(shutil.copy(demos, tmp_path / f"{seed}.hdf5"))
        with h5py.File(path, "r+") as file:
            data = file["data"]
            assert isinstance(data, h5py.Group)
            count = len(json.loads(str(data.attrs["action"])))
            data.attrs["action_mask"] = json.dumps([False] + [True] * (count - 1))
            for demo in data.values():
                demo["actions"][:, 0] = rng.uniform(-1.0, 1.0, len(demo["actions"]))
        folders.append(tmp_path / f"run_{seed}")
        told = ("--model", "tiny", "--steps", "3", "--batch-size", "8", "--readers", "0")
        assert main(["train", str(path), "--output", str(folders[-1]), *told]) == 0
    one, other = (load_file(folder / "resume" / "state.safetensors") for folder in folders)
    learned = [name for name in one if "action.mean" not in name and "action.dev" not in name]
    for name in learned:
        torch.testing.assert_close(one[name], other[name], msg=name)
