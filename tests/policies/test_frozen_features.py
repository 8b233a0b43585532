"""Frozen networks: no gradients, no place in checkpoints, and features that are kept on disk."""

from pathlib import Path

import pytest
import torch
from small_policies import SENTENCES, Learned, composed, learned_vision, seen, small_policy

from vla_humanoid.policies.feature_cache import FeatureCache
from vla_humanoid.policies.frozen import Frozen
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.vision.registry import VISION_ENCODERS

IMAGES = torch.randn(3, 3, 16, 16, generator=torch.Generator().manual_seed(0))


@pytest.fixture(autouse=True)
def _vision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VISION_ENCODERS, "learned", learned_vision)


def trained(policy: PolicyModel) -> list[float]:
    """Update the weights on the same few images, in changing company; return the losses."""
    optimizer = torch.optim.SGD(policy.parameters(), 0.1)
    images, state = seen(4)
    losses: list[float] = []
    for rows in ([0, 1], [2, 3], [1, 2], [3, 0]):
        some = {camera: one[rows] for camera, one in images.items()}
        features = policy(some, state[rows], SENTENCES).features
        loss = policy.model.head.loss(features, torch.ones(2, 4, 3)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def networks(policy: PolicyModel) -> list[Learned]:
    held = [module.network for module in policy.modules() if isinstance(module, Frozen)]
    return [network for network in held if isinstance(network, Learned)]


def test_training_from_the_cache_is_training_without(tmp_path: Path) -> None:
    config = composed(vision="learned")
    plain, cached, again = (small_policy(config) for _ in range(3))
    assert cached.cache_features(tmp_path) == 2
    losses = trained(plain)
    assert trained(cached) == pytest.approx(losses, rel=1e-5)
    assert losses[-1] < losses[0]
    for name, weight in plain.state_dict().items():
        torch.testing.assert_close(cached.state_dict()[name], weight, rtol=1e-4, atol=1e-6)
    # Each of 4 images of a camera was computed once; another run computes none.
    assert [network.asked for network in networks(cached)] == [4, 4]
    again.cache_features(tmp_path)
    assert trained(again) == pytest.approx(losses, rel=1e-5)
    assert [network.asked for network in networks(again)] == [0, 0]


def test_a_frozen_network_gets_no_gradient_and_is_no_part_of_the_model() -> None:
    policy = small_policy(composed(vision="learned"))
    before = [network.weight.clone() for network in networks(policy)]
    trained(policy.train())
    for network, weight in zip(networks(policy), before, strict=True):
        assert network.weight.grad is None
        assert torch.equal(network.weight, weight)
        assert not network.training
    saved = [name for name in policy.state_dict() if "backbone" in name]
    assert {name.rsplit(".", 1)[1] for name in saved} == {"fingerprint"}


def test_a_tuned_network_is_trained_and_saved(tmp_path: Path) -> None:
    policy = small_policy(composed(vision="learned", tune_vision=True))
    name = "model.vision.head.backbone.weight"
    before = policy.state_dict()[name].clone()
    trained(policy)
    assert not torch.equal(policy.state_dict()[name], before)
    assert policy.cache_features(tmp_path) == 0


def test_a_frozen_network_goes_where_the_model_goes() -> None:
    frozen = Frozen(Learned()).to(torch.float64)
    assert isinstance(frozen.network, Learned)
    assert frozen.network.weight.dtype == torch.float64


def test_features_of_other_weights_are_other_features(tmp_path: Path) -> None:
    one, other = Frozen(Learned(0)), Frozen(Learned(1))
    expected = [one(IMAGES), other(IMAGES)]
    one.cache = other.cache = FeatureCache(tmp_path)
    for _ in range(2):
        assert torch.equal(one(IMAGES), expected[0])
        assert torch.equal(other(IMAGES), expected[1])
    assert len(one.cache) == 6


def test_features_of_another_precision_are_kept_apart(tmp_path: Path) -> None:
    frozen = Frozen(Learned())
    frozen.cache = FeatureCache(tmp_path)
    full = frozen(IMAGES)
    with torch.autocast("cpu", torch.bfloat16):
        lowered = frozen(IMAGES)
    assert lowered.dtype == torch.float32
    assert len(frozen.cache) == 6
    assert torch.equal(frozen(IMAGES), full)


def test_the_same_image_twice_in_a_batch_is_one(tmp_path: Path) -> None:
    frozen = Frozen(Learned())
    frozen.cache = FeatureCache(tmp_path)
    first, second, third = frozen(IMAGES[[0, 0, 1]])
    assert torch.equal(first, second)
    assert not torch.equal(first, third)
    assert len(frozen.cache) == 2


@pytest.mark.parametrize("suffix", ["index", "data"])
@pytest.mark.parametrize("kept", [0, 1, 33, 70])
def test_a_cache_whose_writer_was_killed_holds_what_was_whole(
    tmp_path: Path, suffix: str, kept: int
) -> None:
    frozen = Frozen(Learned())
    frozen.cache = FeatureCache(tmp_path)
    expected = frozen(IMAGES)
    (file,) = tmp_path.glob(f"*.{suffix}")
    file.write_bytes(file.read_bytes()[:kept])
    frozen.cache = FeatureCache(tmp_path)
    assert len(frozen.cache) < 3
    assert torch.equal(frozen(IMAGES), expected)
    assert len(FeatureCache(tmp_path)) == 3


def test_two_processes_may_share_a_folder(tmp_path: Path) -> None:
    one, other = FeatureCache(tmp_path), FeatureCache(tmp_path)
    network = Learned()
    one(b"", [IMAGES[:2]], network)
    other(b"", [IMAGES[1:]], network)
    whole = FeatureCache(tmp_path)
    assert len(whole) == 3
    before = network.asked
    torch.testing.assert_close(whole(b"", [IMAGES], network), network(IMAGES))
    assert network.asked == before + len(IMAGES)  # By the line above, not by the cache.
