"""A checkpoint that acts in a viewed episode."""

from dataclasses import replace
from pathlib import Path

import pytest
from events_heard import QUICK

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.description import Description
from vla_humanoid.schema import action_spec, state_fields
from vla_humanoid.viewer.errors import PolicyUnavailable
from vla_humanoid.viewer.session import Session

pytest.importorskip("torch")

SEEING = replace(QUICK, cameras=("head",), image_size=64)


def saved(folder: Path, rate: float = 20.0) -> Path:
    """Write a small model with weights of chance, of a size that acts at once."""
    from vla_humanoid.policies.checkpoint import Provenance, save_pretrained
    from vla_humanoid.policies.config import ModelConfig
    from vla_humanoid.policies.policy_model import PolicyModel
    from vla_humanoid.policies.text.tokenizer import vocabulary
    from vla_humanoid.policies.views import CameraInput

    state = state_fields(JOINT_NAMES)
    description = Description(action_spec("end_effector", {}), state, ("head",), 64, rate)
    config = ModelConfig(
        cameras=(CameraInput("head", 32, 32),),
        state=("pelvis_height",),
        vision_channels=(8, 8),
        width=16,
        attention_heads=2,
        vocabulary=vocabulary(("stand still",)),
    )
    save_pretrained(PolicyModel.unfilled(config, description), folder, Provenance())
    return folder


def test_it_acts_as_chunks_are_carried_out(tmp_path: Path) -> None:
    location = str(saved(tmp_path / "run"))
    session = Session(replace(SEEING, policy="checkpoint", location=location))
    session.reset()
    for _ in range(9):
        session.step()
    reading = session.reading
    session.close()
    assert reading is not None
    assert reading.steps == 9
    assert reading.latency > 0.0


def test_one_for_another_rate_is_refused(tmp_path: Path) -> None:
    location = str(saved(tmp_path / "run", rate=10.0))
    session = Session(replace(SEEING, policy="checkpoint", location=location))
    with pytest.raises(PolicyUnavailable, match=r"rate \[Hz\]: 20\.0, where 10\.0 is needed"):
        session.reset()
    session.close()
