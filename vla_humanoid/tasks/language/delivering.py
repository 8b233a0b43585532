"""Sentences for "fetch the red can from the table and put it in the blue bowl on the counter"."""

from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import (
    container_phrases,
    object_phrases,
    place_phrases,
    pronoun_phrases,
)

TEMPLATES = (
    "fetch {object} and put it {container_on}",
    "fetch {object} from the table and put it {container_on}",
    "bring {object} to the counter and put it {container_on}",
    "carry {object} over to {container}",
    "carry {object} to the counter and place it {container_on}",
    "take {object} from the table to {container}",
    "take {object} over to the counter and set it {container_on}",
    "deliver {object} to {container}",
    "deliver {object} to {container} on the counter",
    "get {object} from the table and put it {container_on}",
    "walk to the table, pick up {object} and take it to {container}",
    "go and get {object}, then put it {container_on}",
    "now bring {object} to {container}",
    "next, carry {object} to {container}",
    "please bring {object} to {container}",
    "please fetch {object} and put it {container_on}",
    "bring {object} to {container}, please",
    "could you bring {object} to {container}?",
    "could you please fetch {object} and place it {container_on}?",
    "can you carry {object} to {container} on the counter?",
    "would you take {object} over to {container}?",
    "would you mind carrying {object} to {container}?",
    "I want {object} {container_at} on the counter",
    "I would like you to bring {object} to {container}",
    "I need {object} {container_at}",
    "your task is to bring {object} to {container}",
    "{object} belongs {container_at} on the counter",
    "make sure that {object} gets from the table to {container}",
    "find {object}, carry it to the counter and put it {container_on}",
    "find {container} and bring {object} there",
    "look for {container} on the counter and put {object} {container_it}",
)

DELIVERING = SceneGrammar(
    TEMPLATES,
    {
        "object": object_phrases,
        "container": container_phrases,
        "container.at": place_phrases(""),
        "container.on": place_phrases("", "to"),
        "container.it": pronoun_phrases,
    },
)
"""What is to be carried to which container."""
