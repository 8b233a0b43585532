"""Sentences for "step over the red bar"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.bars import bars_of
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

BAR_NOUNS = ("bar", "beam", "rail")

TEMPLATES = (
    "step over {bar}",
    "walk over {bar} without stepping on it",
    "step across {bar}",
    "get over {bar}",
    "cross {bar}",
    "go to the other side of {bar}",
    "climb over {bar}",
    "step over {bar} and stop behind it",
    "lift your feet over {bar}",
    "now step over {bar}",
    "next, step across {bar}",
    "please step over {bar}",
    "please get across {bar} without touching it",
    "step over {bar}, please",
    "could you step over {bar}?",
    "could you please walk over {bar}?",
    "can you get over {bar}?",
    "would you mind stepping over {bar}?",
    "I want you to step over {bar}",
    "I would like you to step across {bar}",
    "your task is to step over {bar}",
    "{bar} is the one to step over",
    "make sure that you step over {bar} and not on it",
    "walk up to {bar} and step over it",
    "find {bar} and step over it",
)


def bar_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each bar: by its colour or its place."""
    found = bars_of(scene)
    places = ("left", "right") if len(found) == 2 else ()
    phrases = {bar.name: [f"the {bar.color} {noun}" for noun in BAR_NOUNS] for bar in found}
    for bar, place in zip(found, places, strict=bool(places)):
        phrases[bar.name] += [f"the {place} bar", f"the bar on the {place}"]
    return {name: tuple(ways) for name, ways in phrases.items()}


STEPPING = SceneGrammar(TEMPLATES, {"bar": bar_phrases})
"""The role "bar" is the name of a bar."""
