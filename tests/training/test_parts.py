"""Parts of a training run: errors in units, low-rank products, the state on disk, the best."""

import math
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from vla_humanoid.schema import action_spec
from vla_humanoid.training.action_error import ActionError, angles
from vla_humanoid.training.best import Best
from vla_humanoid.training.lora import add_lora, merged
from vla_humanoid.training.metrics import Metrics, read_metrics

SPEC = action_spec("end_effector", {})


def test_errors_of_actions_are_in_centimetres_and_degrees() -> None:
    zeros = torch.zeros(2, SPEC.dim)
    other = zeros.clone()
    names = [field.name for field in SPEC.fields]
    half = torch.tensor((SPEC.high - SPEC.low) / 2)
    for name, physical in (
        ("right_wrist_x", 0.03),
        ("right_wrist_y", 0.04),
        ("left_wrist_rotation_z", math.radians(10.0)),
        ("right_grip", 0.5),
        ("pelvis_height", 0.02),
    ):
        other[0, names.index(name)] = physical / half[names.index(name)]
    found = ActionError(SPEC)(other, zeros)
    assert found["right_wrist_cm"].tolist() == pytest.approx([5.0, 0.0], abs=1e-3)
    assert found["left_wrist_cm"].tolist() == pytest.approx([0.0, 0.0], abs=1e-3)
    assert found["left_wrist_deg"].tolist() == pytest.approx([10.0, 0.0], abs=1e-2)
    assert found["grip"].tolist() == pytest.approx([0.25, 0.0])
    assert found["position_cm"].tolist() == pytest.approx([2.0, 0.0], abs=1e-3)


def test_joints_are_measured_by_their_angles() -> None:
    names = [f"joint_{index}" for index in range(43)]
    spec = action_spec("joints", dict.fromkeys(names, (-1.0, 1.0)))
    found = ActionError(spec)(torch.full((1, 43), 0.1), torch.zeros(1, 43))
    assert found.keys() == {"angle_deg"}
    assert found["angle_deg"].item() == pytest.approx(math.degrees(0.1), rel=1e-4)


_VECTORS = st.lists(st.floats(-1.75, 1.75, width=32), min_size=3, max_size=3)


@given(_VECTORS, _VECTORS)
def test_angles_between_rotations_are_those_of_their_matrices(
    first: list[float], second: list[float]
) -> None:
    def matrix(vector: torch.Tensor) -> torch.Tensor:
        x, y, z = vector.tolist()
        return torch.linalg.matrix_exp(
            torch.tensor([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]], dtype=torch.float64)
        )

    one, two = (torch.tensor(vector, dtype=torch.float64) for vector in (first, second))
    cosine = ((matrix(one).T @ matrix(two)).trace() - 1.0) / 2.0
    wanted = math.acos(max(-1.0, min(1.0, cosine.item())))
    assert angles(one, two).item() == pytest.approx(wanted, abs=2e-6)


def test_low_rank_products_change_nothing_until_trained_and_are_merged_away() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
    names, seen = list(model.state_dict()), torch.randn(5, 6)
    before = model(seen)
    add_lora(model, rank=2)
    torch.testing.assert_close(model(seen), before)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    assert sum(weight.numel() for weight in trained) == 2 * (6 + 8) + 2 * (8 + 3)
    optimizer = torch.optim.SGD(trained, lr=0.5)
    for _ in range(3):
        optimizer.zero_grad()
        model(seen).square().mean().backward()
        optimizer.step()
    adapted = model(seen)
    assert not torch.allclose(adapted, before)
    plain = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
    assert set(plain.state_dict()) == set(names)
    plain.load_state_dict(merged(model.state_dict()))
    torch.testing.assert_close(plain(seen), adapted)


def test_success_counts_more_than_loss() -> None:
    first = Best().better(10, None, 0.5)
    assert first is not None
    assert first.better(20, None, 0.6) is None
    acted = first.better(30, 0.0, 0.9)
    assert acted is not None
    assert acted.better(40, None, 0.1) is None
    assert acted.better(40, 0.0, 0.8) is not None
    assert acted.better(40, 0.5, 2.0) == Best(40, 0.5, 2.0)
    assert Best.from_notes(acted.notes()) == acted


def test_figures_of_steps_that_are_made_again_are_taken_back(tmp_path: Path) -> None:
    with Metrics(tmp_path, 0) as metrics:
        for step in (10, 20, 30):
            metrics.write("train", step, {"action": 1.0 / step})
    path = tmp_path / "metrics.jsonl"
    path.write_text(path.read_text() + '{"kind": "train", "st')  # Killed while it wrote.
    with Metrics(tmp_path, 20) as metrics:
        metrics.write("train", 30, {"action": 0.5})
    assert [one["step"] for one in read_metrics(tmp_path, "train")] == [10, 20, 30]
    assert read_metrics(tmp_path, "train")[-1]["action"] == 0.5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's C library")
def test_freed_memory_is_kept() -> None:
    code = (
        "import resource, sys, numpy as np\n"
        "from vla_humanoid.training.allocator import keep_freed_memory\n"
        "kept = keep_freed_memory() if sys.argv[1] == 'keep' else False\n"
        "def step(): np.ones(16_000_000 // 8).sum()\n"
        "step(); before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "for _ in range(10): step()\n"
        "print(int(kept), resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)"
    )

    def faults(how: str) -> tuple[int, int]:
        command = [sys.executable, "-c", code, how]
        kept, count = subprocess.run(
            command, capture_output=True, text=True, check=True
        ).stdout.split()
        return int(kept), int(count)

    kept, few = faults("keep")
    if not kept:
        pytest.skip("this C library has no mallopt")
    assert few < 0.2 * faults("leave")[1]
