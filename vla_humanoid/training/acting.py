"""What acts of a model in training: the average of its weights, in plain layers."""

from collections.abc import Mapping

import torch

from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.lora import merged


def acting_model(model: PolicyModel, weights: Mapping[str, torch.Tensor]) -> PolicyModel:
    """Return a model with other weights, ready to act; the one that is trained is untouched."""
    acting = PolicyModel.unfilled(model.config, model.description)
    acting.load_state_dict(merged(weights))
    return acting.eval()
