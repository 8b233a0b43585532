"""Sentences for "walk through the red doorway"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.doorways import doorways
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar

DOORWAY_NOUNS = ("doorway", "opening", "gateway")
PLACES = {2: ("left", "right"), 3: ("left", "middle", "right")}
"""What doorways side by side are called, by their number."""

TEMPLATES = (
    "walk through {doorway}",
    "go through {doorway}",
    "pass through {doorway}",
    "step through {doorway}",
    "walk through {doorway} and stop behind it",
    "go through {doorway} and wait on the other side",
    "take {doorway}",
    "leave through {doorway}",
    "get to the other side of the wall through {doorway}",
    "use {doorway} to get behind the wall",
    "now walk through {doorway}",
    "next, go through {doorway}",
    "please walk through {doorway}",
    "walk through {doorway}, please",
    "please go to the other side through {doorway}",
    "could you walk through {doorway}?",
    "could you please go through {doorway}?",
    "can you pass through {doorway}?",
    "would you mind walking through {doorway}?",
    "I want you to walk through {doorway}",
    "I would like you to take {doorway}",
    "your task is to walk through {doorway}",
    "{doorway} is the one to walk through",
    "make sure that you go through {doorway}",
    "find {doorway} and walk through it",
    "head for {doorway} and go through it",
)


def doorway_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each doorway: by its colour or its place."""
    found = doorways(scene)
    places = PLACES.get(len(found), ())
    phrases = {
        doorway.name: [
            *(f"the {doorway.color} {noun}" for noun in DOORWAY_NOUNS),
            f"the doorway with the {doorway.color} frame",
            f"the opening with the {doorway.color} posts",
        ]
        for doorway in found
    }
    for doorway, place in zip(found, places, strict=bool(places)):
        phrases[doorway.name] += [f"the {place} doorway", f"the opening {_where(place)}"]
    return {name: tuple(ways) for name, ways in phrases.items()}


def _where(place: str) -> str:
    return "in the middle" if place == "middle" else f"on the {place}"


THROUGH_DOORWAY = SceneGrammar(TEMPLATES, {"doorway": doorway_phrases})
"""The role "doorway" is the name of a doorway."""
