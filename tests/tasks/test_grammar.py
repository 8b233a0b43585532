import numpy as np
import pytest

from vla_humanoid.tasks.language.grammar import Grammar, Slot

THINGS = Slot("thing", {"mug": ("the mug", "the coffee mug"), "can": ("the can",)})
PLACES = Slot("place", {"plate": ("the plate",), "bowl": ("the bowl",)})
AT_IT = Slot("place", {"plate": ("on it",), "bowl": ("in it",)})
SLOTS = {"thing": THINGS, "place": PLACES, "at_it": AT_IT}
GRAMMAR = Grammar(("move {thing} to {place}", "Find {place} and put {thing} {at_it}!"), SLOTS)


def test_sentences_fill_every_slot_with_every_phrase():
    assert list(GRAMMAR.sentences({"thing": "mug", "place": "bowl"})) == [
        "move the mug to the bowl",
        "move the coffee mug to the bowl",
        "Find the bowl and put the mug in it!",
        "Find the bowl and put the coffee mug in it!",
    ]


def test_sample_takes_each_template_at_most_once():
    sentences = GRAMMAR.sample({"thing": "can", "place": "plate"}, np.random.default_rng(0), 9)
    assert sorted(sentences) == [
        "Find the plate and put the can on it!",
        "move the can to the plate",
    ]


@pytest.mark.parametrize("sentence", ["Move  the CAN to the bowl.", " move the can to the bowl"])
def test_parse_overlooks_case_spacing_and_the_full_stop(sentence: str):
    assert GRAMMAR.parse(sentence) == {"thing": "can", "place": "bowl"}


@pytest.mark.parametrize(
    "sentence", ["", "juggle", "move the mug", "find the plate and put the mug in it!"]
)
def test_parse_refuses_what_it_would_not_say(sentence: str):
    with pytest.raises(ValueError, match="such as 'move the mug to the plate'"):
        GRAMMAR.parse(sentence)


def test_parse_refuses_what_has_two_meanings():
    vague = Slot("thing", {"mug": ("it",), "can": ("it",)})
    grammar = Grammar(("move {thing} to {place}",), {"thing": vague, "place": PLACES})
    with pytest.raises(ValueError, match="2 meanings"):
        grammar.parse("move it to the bowl")


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("move {thing} to {place} {fast}", r"unknown slots \['fast'\]"),
        ("move {thing}", r"does not mention \['place'\]"),
        ("move {thing} and {thing} to {place}", "twice"),
    ],
)
def test_a_bad_template_is_refused(template: str, complaint: str):
    with pytest.raises(ValueError, match=complaint):
        Grammar((template,), SLOTS)


def test_a_value_without_words_is_refused():
    with pytest.raises(ValueError, match="No words are known for spoon as thing"):
        list(GRAMMAR.sentences({"thing": "spoon", "place": "bowl"}))
