import re
from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import Container, ContainerShape, GraspableObject, Scene, Shape
from vla_humanoid.tasks.language.instruction import INSTRUCTION_CHARSET, INSTRUCTION_MAX_LENGTH
from vla_humanoid.tasks.language.placing import PLACING, TEMPLATES
from vla_humanoid.tasks.language.words import CONTAINER_NOUNS, OBJECT_NOUNS, PREPOSITIONS

colors = st.sampled_from(sorted(COLORS))
objects = st.tuples(colors, st.sampled_from(get_args(Shape)))
containers = st.tuples(colors, st.sampled_from(get_args(ContainerShape)))
AT = (0.4, 0.0, 0.8)


def scene_of(
    objects: list[tuple[str, Shape]], containers: list[tuple[str, ContainerShape]]
) -> Scene:
    return Scene(
        objects=tuple(
            GraspableObject(f"{color}_{shape}", shape, color, COLORS[color], AT)
            for color, shape in objects
        ),
        containers=tuple(
            Container(f"{color}_{shape}", shape, color, COLORS[color], AT)
            for color, shape in containers
        ),
    )


scenes = st.builds(
    scene_of,
    st.lists(
        st.tuples(colors, st.sampled_from(get_args(Shape))), min_size=2, max_size=4, unique=True
    ),
    st.lists(
        st.tuples(colors, st.sampled_from(get_args(ContainerShape))),
        min_size=1,
        max_size=2,
        unique=True,
    ),
)


def every_sentence(scene: Scene, thing: int = 0, box: int = 0) -> list[str]:
    return list(PLACING.grammar(scene).sentences(meaning(scene, thing, box)))


def meaning(scene: Scene, thing: int = 0, box: int = 0) -> dict[str, str]:
    return {"object": scene.objects[thing].name, "container": scene.containers[box].name}


RED_CAN_BLUE_PLATE = scene_of([("red", "can"), ("green", "can")], [("blue", "plate")])


def test_there_are_many_templates():
    assert len(set(TEMPLATES)) == len(TEMPLATES) >= 30


def test_the_plain_sentence_is_among_them():
    sentences = every_sentence(RED_CAN_BLUE_PLATE)
    assert "put the red can on the blue plate" in sentences
    assert "pick up the red soda can and put it onto the blue dinner plate" in sentences
    assert "would you mind putting the red tin on the plate?" in sentences


def test_a_noun_alone_is_said_only_where_it_is_enough():
    assert "put the can on the plate" not in every_sentence(RED_CAN_BLUE_PLATE)
    alone = scene_of([("red", "can"), ("green", "mug")], [("blue", "plate")])
    assert "put the can on the plate" in every_sentence(alone)


def test_every_shape_has_words_and_no_noun_serves_two():
    assert set(OBJECT_NOUNS) == set(OBJECTS)
    assert set(CONTAINER_NOUNS) == set(PREPOSITIONS) == set(get_args(ContainerShape))
    nouns = [
        noun for nouns in (*OBJECT_NOUNS.values(), *CONTAINER_NOUNS.values()) for noun in nouns
    ]
    assert len(nouns) == len(set(nouns))


@settings(max_examples=20, deadline=None)
@given(scenes)
def test_every_sentence_is_of_one_meaning_and_fits_the_text_space(scene: Scene):
    seen: dict[str, tuple[int, int]] = {}
    for pair in product(range(len(scene.objects)), range(len(scene.containers))):
        sentences = every_sentence(scene, *pair)
        assert len(set(sentences)) == len(sentences)
        for sentence in sentences:
            assert seen.setdefault(sentence, pair) == pair
            assert len(sentence) <= INSTRUCTION_MAX_LENGTH
            assert set(sentence) <= INSTRUCTION_CHARSET


@settings(max_examples=10, deadline=None)
@given(scenes)
def test_every_sentence_parses_back_to_its_placing(scene: Scene):
    for sentence in every_sentence(scene):
        assert PLACING.parse(sentence, scene) == meaning(scene)


@settings(max_examples=20, deadline=None)
@given(scenes)
def test_prepositions_agree_with_the_container(scene: Scene):
    box = scene.containers[0]
    wrong = "in" if PREPOSITIONS[box.shape] == "on" else "on"
    nouns = "|".join(CONTAINER_NOUNS[box.shape])
    before_it = re.compile(rf"\b{wrong}(to)? (it|the ({box.color} )?({nouns}))\b")
    for sentence in every_sentence(scene):
        assert not before_it.search(sentence)


@settings(max_examples=30, deadline=None)
@given(scenes, st.integers(0, 2**32))
def test_instruction_has_eight_other_sentences_and_says_from_which_templates(
    scene: Scene, seed: int
):
    instruction = PLACING.instruct(meaning(scene), scene, np.random.default_rng(seed))
    assert instruction == PLACING.instruct(meaning(scene), scene, np.random.default_rng(seed))
    assert len({instruction.text, *instruction.paraphrases}) == 9
    assert len({template for made in instruction.templates for template in made}) == 9
    assert all(template in TEMPLATES for made in instruction.templates for template in made)


@pytest.mark.parametrize(
    "sentence",
    ["put the red can in the blue plate", "put the red plate on the blue can", "eat the red can"],
)
def test_parse_refuses_what_is_not_in_the_grammar_and_says_what_there_is(sentence: str):
    with pytest.raises(ValueError, match=r"not a sentence of this grammar.*the red can, the green"):
        PLACING.parse(sentence, RED_CAN_BLUE_PLATE)
