"""Sentences for "put all the red things into the bowl"."""

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import Scene
from vla_humanoid.tasks.core.groups import attributes
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import container_phrases, place_phrases
from vla_humanoid.tasks.language.words import OBJECT_NOUNS

TEMPLATES = (
    "put {group} {container_to}",
    "place {group} {container_to}",
    "move {group} {container_to}",
    "gather {group} {container_at}",
    "collect {group} {container_at}",
    "sort {group} {container_to}",
    "now put {group} {container_to}",
    "next, move {group} {container_to}",
    "please put {group} {container_to}",
    "put {group} {container_to}, please",
    "could you put {group} {container_to}?",
    "can you move {group} {container_to}?",
    "would you collect {group} {container_at}?",
    "would you mind putting {group} {container_to}?",
    "I want {group} {container_at}",
    "I would like {group} to be {container_at}",
    "I want you to put {group} {container_to} and to leave the rest",
    "your task is to put {group} {container_to}",
    "clear {group} off the table and {container_to}",
    "make sure to put {group}, and nothing else, {container_to}",
    "{container} is for {group}",
    "{container} is where {group} should go",
    "use {container} for {group} and for nothing else",
    "pick {group} out and drop the lot {container_to}",
    "leave everything where it is, but put {group} {container_to}",
)
COLOR_FORMS = (
    "all the {} things",
    "the {} things",
    "all {} objects",
    "both {} things",
    "everything that is {}",
    "whatever is {}",
)
SHAPE_FORMS = ("all the {}s", "the {}s", "both {}s", "all {}s", "each of the {}s")


def group_phrases(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Return, by colour or shape, the phrases for all the objects that have it."""
    return {
        attribute: (
            tuple(form.format(attribute) for form in COLOR_FORMS)
            if attribute in COLORS
            else tuple(form.format(noun) for noun in _nouns(attribute) for form in SHAPE_FORMS)
        )
        for attribute in attributes(scene.objects)
    }


def _nouns(shape: str) -> tuple[str, ...]:
    return next(nouns for known, nouns in OBJECT_NOUNS.items() if known == shape)


SORTING = SceneGrammar(
    TEMPLATES,
    {
        "group": group_phrases,
        "container": container_phrases,
        "container.at": place_phrases(""),
        "container.to": place_phrases("to"),
    },
)
"""Its roles are a colour or a shape, and the name of a container."""
