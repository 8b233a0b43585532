from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.assets.scene import FloorPath, Landmark, LandmarkShape, Scene
from vla_humanoid.tasks.language.following import FOLLOWING
from vla_humanoid.tasks.language.instruction import INSTRUCTION_CHARSET, INSTRUCTION_MAX_LENGTH
from vla_humanoid.tasks.language.landmarks import ANY_LANDMARK, LANDMARK_NOUNS, landmark_phrases
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.standing import STANDING
from vla_humanoid.tasks.language.turning import TURNING
from vla_humanoid.tasks.language.walking import WALKING

kinds = st.tuples(st.sampled_from(sorted(COLORS)), st.sampled_from(get_args(LandmarkShape)))
LINE = ((0.0, 0.0), (1.0, 0.0))


def scene_of(*found: tuple[str, LandmarkShape]) -> Scene:
    return Scene(
        landmarks=tuple(
            Landmark(f"{color}_{shape}", shape, color, COLORS[color], (1.0, 0.0))
            for color, shape in found
        ),
        paths=tuple(
            FloorPath(f"{color}_line", color, COLORS[color], LINE)
            for color in dict.fromkeys(color for color, _ in found)
        ),
    )


scenes = st.lists(kinds, min_size=2, max_size=5, unique=True).map(lambda found: scene_of(*found))


def names(sentences: SceneGrammar, scene: Scene) -> list[str]:
    things = scene.paths if sentences is FOLLOWING else scene.landmarks
    return [thing.name for thing in things]


def every_sentence(sentences: SceneGrammar, name: str, scene: Scene) -> list[str]:
    return list(sentences.grammar(scene).sentences(meaning(sentences, name)))


def meaning(sentences: SceneGrammar, name: str) -> dict[str, str]:
    return dict.fromkeys(sentences.roles, name)


def test_every_shape_has_words_and_no_noun_serves_two():
    assert set(LANDMARK_NOUNS) == set(get_args(LandmarkShape))
    nouns = [noun for nouns in (*LANDMARK_NOUNS.values(), ANY_LANDMARK) for noun in nouns]
    assert len(nouns) == len(set(nouns))


def test_colour_or_shape_alone_is_said_only_where_it_is_enough():
    scene = scene_of(("red", "cone"), ("red", "ball"), ("blue", "cone"))
    phrases = landmark_phrases(scene)
    assert {"the red cone", "the red traffic cone"} == set(phrases["red_cone"])
    assert "the ball" in phrases["red_ball"]
    assert "the red object" not in phrases["red_ball"]
    assert "the blue thing" in phrases["blue_cone"]
    assert "the cone" not in phrases["blue_cone"]


@pytest.mark.parametrize(
    ("sentences", "name", "sentence"),
    [
        (WALKING, "green_cone", "walk to the green cone"),
        (TURNING, "blue_barrel", "turn to face the blue barrel"),
        (FOLLOWING, "green_line", "follow the green line to its end"),
    ],
)
def test_the_plain_sentence_is_among_them(sentences: SceneGrammar, name: str, sentence: str):
    scene = scene_of(("green", "cone"), ("blue", "barrel"))
    assert sentence in every_sentence(sentences, name, scene)


@pytest.mark.parametrize("sentences", [WALKING, TURNING, FOLLOWING])
def test_there_are_many_templates(sentences: SceneGrammar):
    assert len(set(sentences.templates)) == len(sentences.templates) >= 20


@pytest.mark.parametrize("sentences", [WALKING, TURNING, FOLLOWING])
@settings(max_examples=10, deadline=None)
@given(scene=scenes)
def test_every_sentence_names_one_thing_and_fits_the_text_space(
    sentences: SceneGrammar, scene: Scene
):
    seen: dict[str, str] = {}
    for name in names(sentences, scene):
        for sentence in every_sentence(sentences, name, scene):
            assert seen.setdefault(sentence, name) == name
            assert len(sentence) <= INSTRUCTION_MAX_LENGTH
            assert set(sentence) <= INSTRUCTION_CHARSET


@pytest.mark.parametrize("sentences", [WALKING, TURNING, FOLLOWING])
@settings(max_examples=10, deadline=None)
@given(scene=scenes, seed=st.integers(0, 2**32))
def test_instruction_has_eight_other_sentences_of_the_same_meaning(
    sentences: SceneGrammar, scene: Scene, seed: int
):
    for name in names(sentences, scene):
        instruction = sentences.instruct(
            meaning(sentences, name), scene, np.random.default_rng(seed)
        )
        said = {instruction.text, *instruction.paraphrases}
        assert len(said) == 9
        assert instruction == sentences.instruct(
            meaning(sentences, name), scene, np.random.default_rng(seed)
        )
        for sentence in said:
            assert sentences.parse(sentence, scene) == meaning(sentences, name)


def test_what_is_not_in_the_scene_is_refused():
    scene = scene_of(("red", "cone"), ("blue", "barrel"))
    with pytest.raises(ValueError, match="not a sentence of this grammar"):
        WALKING.parse("walk to the green cone", scene)
    with pytest.raises(ValueError, match="No words are known for green_cone"):
        WALKING.instruct({"landmark": "green_cone"}, scene, np.random.default_rng(0))


@given(st.integers(0, 2**32))
def test_standing_still_has_eight_other_sentences(seed: int):
    instruction = STANDING.instruct({}, Scene(), np.random.default_rng(seed))
    said = {instruction.text, *instruction.paraphrases}
    assert len(said) == 9
    for sentence in said:
        assert STANDING.parse(sentence, Scene()) == {}
        assert len(sentence) <= INSTRUCTION_MAX_LENGTH
        assert set(sentence) <= INSTRUCTION_CHARSET


def test_walking_is_not_standing_still():
    with pytest.raises(ValueError, match="write one such as 'stand still'"):
        STANDING.parse("walk away", Scene())
