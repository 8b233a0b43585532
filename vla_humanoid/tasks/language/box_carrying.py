"""Sentences for "carry the red box to the blue counter"."""

from collections.abc import Mapping

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.counter import slabs
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import object_phrases

COUNTER_NOUNS = ("counter", "sideboard")

TEMPLATES = (
    "carry {object} to {counter}",
    "carry {object} over to {counter}",
    "carry {object} with both hands to {counter}",
    "bring {object} to {counter}",
    "bring {object} over to {counter}",
    "take {object} to {counter}",
    "take {object} from the table to {counter}",
    "take {object} over to {counter} and set it down",
    "move {object} from the table to {counter}",
    "move {object} onto {counter}",
    "put {object} on {counter}",
    "place {object} on {counter}",
    "set {object} down on {counter}",
    "lift {object} and carry it to {counter}",
    "pick up {object} with both hands and take it to {counter}",
    "pick up {object}, walk to {counter} and set it down there",
    "now carry {object} to {counter}",
    "next, bring {object} to {counter}",
    "please carry {object} to {counter}",
    "please put {object} on {counter}",
    "carry {object} to {counter}, please",
    "could you carry {object} to {counter}?",
    "could you please bring {object} over to {counter}?",
    "can you put {object} on {counter}?",
    "would you take {object} to {counter}?",
    "would you mind carrying {object} over to {counter}?",
    "I want {object} on {counter}",
    "I would like {object} to be on {counter}",
    "I need {object} over on {counter}",
    "your task is to carry {object} to {counter}",
    "{object} belongs on {counter}",
    "make sure that {object} ends up on {counter}",
    "find {counter} and put {object} on it",
)


def _counters(scene: Scene) -> Mapping[str, tuple[str, ...]]:
    return {
        slab.name: tuple(f"the {slab.color} {noun}" for noun in COUNTER_NOUNS)
        for slab in slabs(scene)
    }


CARRYING = SceneGrammar(TEMPLATES, {"object": object_phrases, "counter": _counters})
"""What is to be carried to which counter."""
