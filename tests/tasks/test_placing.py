import re
from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.objects import COLORS
from vla_humanoid.assets.scene import ContainerShape, Shape
from vla_humanoid.tasks.language.instruction import INSTRUCTION_CHARSET, INSTRUCTION_MAX_LENGTH
from vla_humanoid.tasks.language.placing import GRAMMAR, TEMPLATES, Placing, instruct, parse
from vla_humanoid.tasks.language.words import (
    CONTAINER_NOUNS,
    OBJECT_NOUNS,
    PREPOSITIONS,
    Reference,
)

colors = st.sampled_from(sorted(COLORS))
placings = st.builds(
    Placing,
    st.builds(Reference, colors, st.sampled_from(get_args(Shape))),
    st.builds(Reference, colors, st.sampled_from(get_args(ContainerShape))),
)


def every_sentence(placing: Placing) -> list[str]:
    return list(GRAMMAR.sentences({"object": placing.object, "container": placing.container}))


RED_CAN_BLUE_PLATE = Placing(Reference("red", "can"), Reference("blue", "plate"))


def test_there_are_many_templates():
    assert len(set(TEMPLATES)) == len(TEMPLATES) >= 30


def test_the_plain_sentence_is_among_them():
    sentences = every_sentence(RED_CAN_BLUE_PLATE)
    assert "put the red can on the blue plate" in sentences
    assert "pick up the red soda can and put it onto the blue dinner plate" in sentences
    assert "would you mind putting the red tin on the blue plate?" in sentences


def test_every_shape_has_words_and_no_noun_serves_two():
    assert set(OBJECT_NOUNS) == set(get_args(Shape))
    assert set(CONTAINER_NOUNS) == set(PREPOSITIONS) == set(get_args(ContainerShape))
    nouns = [
        noun for nouns in (*OBJECT_NOUNS.values(), *CONTAINER_NOUNS.values()) for noun in nouns
    ]
    assert len(nouns) == len(set(nouns))


@settings(max_examples=15, deadline=None)
@given(placings)
def test_every_sentence_parses_back_to_its_placing(placing: Placing):
    for sentence in every_sentence(placing):
        assert parse(sentence) == placing


@settings(max_examples=40, deadline=None)
@given(placings)
def test_every_sentence_fits_the_text_space_and_is_distinct(placing: Placing):
    sentences = every_sentence(placing)
    assert len(set(sentences)) == len(sentences)
    for sentence in sentences:
        assert len(sentence) <= INSTRUCTION_MAX_LENGTH
        assert set(sentence) <= INSTRUCTION_CHARSET


@settings(max_examples=40, deadline=None)
@given(placings)
def test_prepositions_agree_with_the_container(placing: Placing):
    wrong = "in" if PREPOSITIONS[placing.container.shape] == "on" else "on"
    before_it = re.compile(rf"\b{wrong}(to)? (it|the {placing.container.color})\b")
    for sentence in every_sentence(placing):
        assert not before_it.search(sentence)


@settings(max_examples=50, deadline=None)
@given(placings, st.integers(0, 2**32))
def test_instruction_has_eight_other_sentences_of_the_same_meaning(placing: Placing, seed: int):
    instruction = instruct(placing, np.random.default_rng(seed))
    sentences = {instruction.text, *instruction.paraphrases}
    assert len(sentences) == 9
    assert instruction == instruct(placing, np.random.default_rng(seed))
    for sentence in sentences:
        assert parse(sentence) == placing


def test_different_placings_never_share_a_sentence():
    shapes = [Reference("red", shape) for shape in get_args(Shape)]
    containers = [Reference("blue", shape) for shape in get_args(ContainerShape)]
    seen: dict[str, Placing] = {}
    for placing in (Placing(a, b) for a, b in product(shapes, containers)):
        for sentence in every_sentence(placing):
            assert seen.setdefault(sentence, placing) == placing


@pytest.mark.parametrize(
    "sentence",
    ["put the red can in the blue plate", "put the red plate on the blue can", "eat the red can"],
)
def test_parse_refuses_what_is_not_in_the_grammar(sentence: str):
    with pytest.raises(ValueError, match="not a sentence of this grammar"):
        parse(sentence)
