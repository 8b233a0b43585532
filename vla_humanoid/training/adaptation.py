"""Which weights are trained when a model is adapted to a few demonstrations."""

from typing import Literal, TypeAlias

from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.lora import add_lora

Adaptation: TypeAlias = Literal["full", "head", "lora"]
ADAPTATIONS: tuple[Adaptation, ...] = ("full", "head", "lora")


def adapt(model: PolicyModel, how: Adaptation) -> None:
    """Freeze what is not to be trained.

    Args:
        model: changed in place.
        how: "full" for all weights, "head" for those of action decoder and head, "lora" for
            low-rank products that are added to the matrices.
    """
    match how:
        case "full":
            return
        case "head":
            model.requires_grad_(requires_grad=False)
            model.model.decoder.requires_grad_()
            model.model.head.requires_grad_()
        case "lora":
            add_lora(model.model)
