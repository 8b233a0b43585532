"""Named systems. A new one is a function in this table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import chosen
from vla_humanoid.policies.grounding.config import GroundingConfig
from vla_humanoid.policies.slots import Slot
from vla_humanoid.policies.systems.act import act
from vla_humanoid.policies.systems.baku import baku
from vla_humanoid.policies.systems.flow import flow
from vla_humanoid.policies.systems.parts import AS_NAMED, Parts
from vla_humanoid.policies.systems.pointer import pointer
from vla_humanoid.policies.systems.rt1 import rt1, rt1_task_id
from vla_humanoid.policies.text.registry import text_kind
from vla_humanoid.policies.views import CameraInput

System: TypeAlias = Callable[
    [tuple[CameraInput, ...], tuple[str, ...], GroundingConfig | None], ModelConfig
]

SYSTEMS: Mapping[str, System] = {
    "baku": baku,
    "act": act,
    "rt1": rt1,
    "rt1_task_id": rt1_task_id,
    "flow": flow,
    "pointer": pointer,
}


def configure(
    name: str,
    cameras: tuple[CameraInput, ...],
    state: tuple[str, ...],
    sentences: Iterable[str],
    slots: tuple[Slot, ...] = (),
    grounding: GroundingConfig | None = None,
    parts: Parts = AS_NAMED,
) -> ModelConfig:
    """Return the configuration of a named system.

    Args:
        name: of the system.
        cameras: what it sees.
        state: names of the state's entries that it feels.
        sentences: that it is to know the words of.
        slots: of the goal, that its planning head fills.
        grounding: of the network that tells it where things are; None for none.
        parts: that it has instead of the system's.

    Raises:
        ModelError: if there is none of this name, or it cannot do without a grounding network.
    """
    config = chosen("model", SYSTEMS, name)(cameras, state, grounding)
    return with_vocabulary(replace(config, slots=slots, **parts.named()), sentences)


def with_vocabulary(config: ModelConfig, sentences: Iterable[str]) -> ModelConfig:
    """Return a configuration whose tokenizer knows some sentences, as far as it has to be told."""
    return replace(config, vocabulary=text_kind(config.text).vocabulary(sentences))
