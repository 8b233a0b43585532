"""Sentences for "open the red door and walk through"."""

from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.doorways import doorways
from vla_humanoid.tasks.core.room_doors import doorway_of
from vla_humanoid.tasks.language.doorways import PLACES
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import fixture_phrases

TEMPLATES = (
    "open {door} and walk through it",
    "push {door} open and walk through",
    "open {door} and go in",
    "enter through {door}",
    "go through {door}",
    "leave the room by {door}",
    "push {door} open, go through and stop behind it",
    "get to the other side of the wall through {door}",
    "now go through {door}",
    "next, push {door} open and walk through",
    "please open {door} and walk through it",
    "enter through {door}, please",
    "could you go through {door}?",
    "could you please open {door} and go in?",
    "can you push {door} open and walk through?",
    "would you mind going through {door}?",
    "I want you to enter through {door}",
    "I would like you to open {door} and walk through it",
    "your task is to open {door} and go through it",
    "{door} is the one to go through",
    "make sure that you enter through {door}",
    "find {door}, push it open and walk through",
)


def door_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by name, the phrases that single out each door: by its colour or its place."""
    phrases = fixture_phrases(scene)
    ways = doorways(scene)
    places = dict(zip((way.name for way in ways), PLACES.get(len(ways), ()), strict=False))
    for door in scene.fixtures:
        place = places.get(doorway_of(door, scene).name)
        if place is not None:
            where = "in the middle" if place == "middle" else f"on the {place}"
            phrases[door.name] += (f"the {place} door", f"the door {where}")
    return phrases


ENTERING = SceneGrammar(TEMPLATES, {"door": door_phrases})
"""The role "door" is the name of a door in a doorway."""
