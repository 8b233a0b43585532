"""Sentences for "put the red can on the blue plate"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import (
    container_phrases,
    object_phrases,
    place_phrases,
    pronoun_phrases,
)

TEMPLATES = (
    "put {object} {container_on}",
    "place {object} {container_on}",
    "set {object} {container_on}",
    "set {object} down {container_at}",
    "move {object} {container_to}",
    "transfer {object} {container_to}",
    "drop {object} {container_to}",
    "get {object} {container_to}",
    "now put {object} {container_on}",
    "next, move {object} {container_to}",
    "please put {object} {container_on}",
    "please move {object} {container_to}",
    "put {object} {container_on}, please",
    "could you put {object} {container_on}?",
    "could you please place {object} {container_on}?",
    "can you set {object} {container_on}?",
    "would you move {object} {container_to}?",
    "would you mind putting {object} {container_on}?",
    "I want {object} {container_at}",
    "I need {object} {container_at}",
    "I would like {object} to be {container_at}",
    "I want you to put {object} {container_on}",
    "your task is to put {object} {container_on}",
    "{object} belongs {container_at}",
    "{object} goes {container_at}",
    "{object} should be {container_at}",
    "{container} is where {object} belongs",
    "make sure that {object} ends up {container_at}",
    "pick up {object} and put it {container_on}",
    "pick up {object}, then place it {container_on}",
    "pick {object} up and drop it {container_to}",
    "take {object} and set it {container_on}",
    "take {object}, then put it {container_on}",
    "grab {object} and move it {container_to}",
    "grasp {object}, lift it and place it {container_on}",
    "lift {object} off the table and place it {container_on}",
    "find {object} and put it {container_on}",
    "find {container} and put {object} {container_it}",
)

PLACING = SceneGrammar(
    TEMPLATES,
    {
        "object": object_phrases,
        "container": container_phrases,
        "container.at": place_phrases(""),
        "container.to": place_phrases("to"),
        "container.on": place_phrases("", "to"),
        "container.it": pronoun_phrases,
    },
)
"""Its roles are the names of an object and of a container."""
