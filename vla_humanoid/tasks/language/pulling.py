"""Sentences for "pull the red can towards you with the hook"."""

from collections.abc import Mapping

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.hooking import hookable
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import phrases_for
from vla_humanoid.tasks.language.words import OBJECT_NOUNS

TEMPLATES = (
    "pull {object} towards you with the hook",
    "pull {object} near with the hook",
    "pull {object} closer using the hook",
    "use the hook to pull {object} towards you",
    "use the hook to bring {object} within reach",
    "use the hooked stick to drag {object} towards you",
    "take the hook and pull {object} towards you",
    "take the hook and draw {object} closer",
    "pick up the hook and pull {object} within reach",
    "pick up the hooked stick, then drag {object} near",
    "drag {object} towards you with the hook",
    "draw {object} within reach using the hook",
    "hook {object} and pull it near",
    "bring {object} closer with the hooked stick",
    "now pull {object} towards you with the hook",
    "next, use the hook to drag {object} closer",
    "please pull {object} towards you with the hook",
    "please use the hook to bring {object} closer",
    "pull {object} towards you with the hook, please",
    "could you pull {object} closer with the hook?",
    "could you please use the hook to drag {object} within reach?",
    "can you bring {object} within reach using the hook?",
    "would you pull {object} near with the hooked stick?",
    "would you mind pulling {object} closer with the hook?",
    "I want {object} pulled within reach with the hook",
    "I would like you to draw {object} closer with the hook",
    "your task is to pull {object} towards you with the hook",
    "make sure that {object} comes within reach, using the hook",
    "{object} is too far away, pull it near with the hook",
    "find {object} and pull it towards you with the hook",
)


def _pulled(scene: Scene) -> Mapping[str, tuple[str, ...]]:
    things = hookable(scene)
    return phrases_for(things, [OBJECT_NOUNS[thing.shape] for thing in things])


PULLING = SceneGrammar(TEMPLATES, {"object": _pulled})
"""Its role is the name of what is to be pulled near."""
