"""Sentences for "pass the red baton from your right hand to your left hand"."""

from collections.abc import Mapping

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import SIDES
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import object_phrases

TEMPLATES = (
    "pass {object} from {hand_giving} to {hand}",
    "pass {object} to {hand}",
    "pass {object} over to {hand}",
    "hand {object} over to {hand}",
    "hand {object} from {hand_giving} to {hand}",
    "give {object} from {hand_giving} to {hand}",
    "transfer {object} from {hand_giving} to {hand}",
    "transfer {object} to {hand}",
    "switch {object} from {hand_giving} to {hand}",
    "move {object} from {hand_giving} into {hand}",
    "pick up {object} with {hand_giving} and pass it to {hand}",
    "pick up {object} with {hand_giving}, then hand it to {hand}",
    "take {object} with {hand_giving} and give it to {hand}",
    "lift {object} with {hand_giving} and put it into {hand}",
    "grab {object} with {hand_giving} and transfer it to {hand}",
    "now pass {object} to {hand}",
    "next, hand {object} over to {hand}",
    "please pass {object} from {hand_giving} to {hand}",
    "please hand {object} over to {hand}",
    "pass {object} to {hand}, please",
    "could you pass {object} to {hand}?",
    "could you please hand {object} from {hand_giving} to {hand}?",
    "can you transfer {object} to {hand}?",
    "would you switch {object} over to {hand}?",
    "would you mind passing {object} to {hand}?",
    "I want {object} to go from {hand_giving} to {hand}",
    "I would like you to pass {object} to {hand}",
    "your task is to hand {object} from {hand_giving} to {hand}",
    "make sure that {object} gets from {hand_giving} to {hand}",
    "find {object} and pass it from {hand_giving} to {hand}",
)


def _receiving(scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {side: (f"your {side} hand", f"the {side} hand") for side in SIDES}


def _giving(scene: Scene) -> Mapping[str, tuple[str, ...]]:
    left, right = (_receiving(scene)[side] for side in SIDES)
    return {"left": right, "right": left}


HANDING = SceneGrammar(
    TEMPLATES,
    {"object": object_phrases, "hand": _receiving, "hand.giving": _giving},
)
"""What is to be handed over, to which hand."""
