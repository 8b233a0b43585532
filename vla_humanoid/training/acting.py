"""What acts of a model in training: the average of its weights, in plain layers."""

import copy
from collections.abc import Mapping

import torch

from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.lora import merge_lora


def acting_model(model: PolicyModel, weights: Mapping[str, torch.Tensor]) -> PolicyModel:
    """Return a copy of a model with other weights, ready to act; the model is untouched."""
    acting = copy.deepcopy(model)
    acting.load_state_dict(weights)
    merge_lora(acting)
    return acting.eval()
