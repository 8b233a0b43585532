"""Checkpoints: what is saved comes back, and what is no checkpoint is refused, saying why."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from small_policies import SENTENCES, composed, learned_vision, seen, small_policy

from vla_humanoid.description import Description
from vla_humanoid.policies.checkpoint import (
    CONTENT,
    WEIGHTS,
    CheckpointError,
    Provenance,
    from_pretrained,
    save_pretrained,
)
from vla_humanoid.policies.config import HeadOptions, ModelConfig
from vla_humanoid.policies.slots import GoalSlots, slots_of
from vla_humanoid.policies.vision.registry import VISION_ENCODERS

PROVENANCE = Provenance(
    version="1.2", datasets={"demos.hdf5": "ab12"}, tasks=("PickPlace",), step=7, revision="v1-3"
)
ANYTHING = (
    composed(),
    composed(vision="vit", text="task_id", fusion="concat", head="discrete"),
    composed(vision="resnet", fusion="transformer", head="flow", learned_tokens=2),
    composed(head="cvae", slots=slots_of([GoalSlots("put", "can")]), vision_shared=True),
    composed(head="gmm", head_options=HeadOptions(modes=3)),
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "run" / "checkpoint"
    save_pretrained(small_policy(), folder, PROVENANCE)
    return folder


@pytest.mark.parametrize("config", ANYTHING, ids=lambda config: f"{config.vision}-{config.head}")
def test_what_is_saved_comes_back(config: ModelConfig, tmp_path: Path) -> None:
    policy = small_policy(config)
    save_pretrained(policy, tmp_path, PROVENANCE)
    again, provenance = from_pretrained(tmp_path)
    assert provenance == PROVENANCE
    assert again.config == config
    assert again.description == policy.description
    images, state = seen()
    draws = [torch.Generator().manual_seed(0) for _ in range(2)]
    with torch.no_grad():
        actions, same = (
            one.actions(one(images, state, SENTENCES), draw)
            for one, draw in zip((policy, again), draws, strict=True)
        )
    assert torch.equal(actions, same)
    assert not again.training
    assert sorted(path.name for path in tmp_path.iterdir()) == [CONTENT, WEIGHTS]


def test_half_the_precision_takes_half_the_room_and_acts_almost_the_same(tmp_path: Path) -> None:
    policy = small_policy()
    save_pretrained(policy, tmp_path / "full", PROVENANCE)
    save_pretrained(policy, tmp_path / "half", PROVENANCE, torch.float16)
    full, half = ((tmp_path / one / WEIGHTS).stat().st_size for one in ("full", "half"))
    assert half < 0.8 * full  # Vectors keep their precision, and there are many in a small model.
    images, state = seen()
    again, _ = from_pretrained(tmp_path / "half")
    torch.testing.assert_close(
        again(images, state, SENTENCES).features,
        policy(images, state, SENTENCES).features,
        atol=0.02,
        rtol=0.02,
    )


def test_a_folder_without_a_checkpoint_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        CheckpointError, match=r"model.json cannot be read.*A checkpoint is a folder"
    ):
        from_pretrained(tmp_path)


def entries(content: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of all entries of a JSON object."""
    if not isinstance(content, dict):
        return []
    found: list[tuple[str, ...]] = []
    for name, value in content.items():
        found += [(*path, name), *entries(value, (*path, name))]
    return found


def test_every_entry_of_another_kind_is_refused_by_its_name(saved: Path) -> None:
    original = (saved / CONTENT).read_text()
    # The file's datasets and what training was told may have any names.
    known = [one for one in entries(json.loads(original)) if "demos.hdf5" not in one]
    assert len(known) > 30
    for path in known:
        content = json.loads(original)
        inner = content
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = [{"no": "such"}]
        (saved / CONTENT).write_text(json.dumps(content))
        with pytest.raises(CheckpointError, match=rf"model.json is not .*{path[-1]}"):
            from_pretrained(saved)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format_version",), 2, r"has format_version 2; this version of vla-humanoid reads 1"),
        (("config", "vision"), "eyes", r"no vision encoder 'eyes'. There are: cnn_film"),
        (("config", "text"), "ears", r"no text encoder 'ears'"),
        (("config", "fusion"), "soup", r"no fusion 'soup'"),
        (("config", "head"), "feet", r"no action head 'feet'"),
        (("config", "width"), 7, r"config: .*width is 7"),
        (("config", "vocabulary"), [], r"vocabulary begins with nothing"),
        (("config", "state"), ["tail"], r"The state has no tail"),
        (("config", "horizon"), 5, r"queries is \(4, 8\), not \(5, 8\)"),
        (("config", "fusion_layers"), 2, r"model.fusion.blocks.1.*is missing"),
        (("config", "keyposes"), 0, r"planning.queries is \(3, 8\), not \(1, 8\)"),
        (("config", "head"), "gmm", r"model.head.mean.weight is missing"),
        (("description",), "{}", r"The description lacks"),
        (("description",), "no json", r"The description is not JSON"),
    ],
)
def test_what_does_not_fit_together_is_told(
    saved: Path, path: tuple[str, ...], value: object, message: str
) -> None:
    content = json.loads((saved / CONTENT).read_text())
    inner = content
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    (saved / CONTENT).write_text(json.dumps(content))
    with pytest.raises(CheckpointError, match=message):
        from_pretrained(saved)


def test_a_robot_with_another_number_of_entries_does_not_fit(saved: Path) -> None:
    content = json.loads((saved / CONTENT).read_text())
    description = Description.from_json(content["description"])
    content["description"] = replace(description, state=description.state[:4]).to_json()
    (saved / CONTENT).write_text(json.dumps(content))
    with pytest.raises(CheckpointError, match=r"processor.state.mean is \(5,\), not \(4,\)"):
        from_pretrained(saved)


def test_a_frozen_network_does_not_travel_but_must_be_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VISION_ENCODERS, "learned", learned_vision)
    policy = small_policy(composed(vision="learned"))
    save_pretrained(policy, tmp_path, PROVENANCE, torch.float16)
    assert not any("backbone.weight" in name for name in load_file(tmp_path / WEIGHTS))
    images, state = seen()
    again, _ = from_pretrained(tmp_path)
    torch.testing.assert_close(
        again(images, state, SENTENCES).vision,
        policy(images, state, SENTENCES).vision,
        atol=0.01,
        rtol=0.01,
    )
    monkeypatch.setitem(VISION_ENCODERS, "learned", lambda config: learned_vision(config, seed=1))
    with pytest.raises(CheckpointError, match=r"head.backbone was trained on a network with other"):
        from_pretrained(tmp_path)
