"""Encoders of Hugging Face's library, as tiny models with random weights in a folder."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from small_policies import composed, seen, small_policy

from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.frozen import Frozen
from vla_humanoid.policies.text.bert import Bert, BertSize, renamed
from vla_humanoid.policies.text.registry import text_kind
from vla_humanoid.policies.text.tokenizer import TooLongError
from vla_humanoid.policies.vision.registry import make_vision

pytestmark = [
    pytest.mark.skipif(find_spec("transformers") is None, reason="transformers is not installed"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

TRANSFORMER = {
    "hidden_size": 16,
    "intermediate_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}
WORDS = ["<pad>", "<unk>", "</s>", "pick", "up", "the", "red", "blue", "cube"]


def _clip(folder: Path) -> None:
    library = pytest.importorskip("transformers")
    vision = {**TRANSFORMER, "image_size": 32, "patch_size": 8}
    text = {**TRANSFORMER, "vocab_size": len(WORDS), "max_position_embeddings": 16}
    config = library.CLIPConfig(vision_config=vision, text_config=text, projection_dim=8)
    library.CLIPModel(config).save_pretrained(folder)


def _siglip(folder: Path) -> None:
    library = pytest.importorskip("transformers")
    vision = {**TRANSFORMER, "image_size": 32, "patch_size": 8}
    text = {**TRANSFORMER, "vocab_size": len(WORDS), "max_position_embeddings": 16}
    library.SiglipModel(
        library.SiglipConfig(vision_config=vision, text_config=text)
    ).save_pretrained(folder)


def _dinov2(folder: Path) -> None:
    library = pytest.importorskip("transformers")
    library.Dinov2Model(
        library.Dinov2Config(**TRANSFORMER, image_size=28, patch_size=14)
    ).save_pretrained(folder)


def _resnet(folder: Path) -> None:
    library = pytest.importorskip("transformers")
    sizes = {"embedding_size": 8, "hidden_sizes": [8, 16], "depths": [1, 1]}
    library.ResNetModel(library.ResNetConfig(**sizes, layer_type="basic")).save_pretrained(folder)


def _t5(folder: Path) -> None:
    library = pytest.importorskip("transformers")
    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 16, "num_layers": 1, "num_heads": 2}
    library.T5Model(library.T5Config(vocab_size=len(WORDS), **sizes)).save_pretrained(folder)


def _bert(folder: Path) -> None:
    library = pytest.importorskip("transformers")
    library.BertModel(library.BertConfig(vocab_size=len(WORDS), **TRANSFORMER)).save_pretrained(
        folder
    )


def _llama(folder: Path) -> None:
    library = pytest.importorskip("transformers")
    library.LlamaModel(library.LlamaConfig(vocab_size=len(WORDS), **TRANSFORMER)).save_pretrained(
        folder
    )


VISION = {
    "clip": (_clip, 13),
    "siglip": (_siglip, 12),
    "dinov2": (_dinov2, 7),
    "resnet": (_resnet, 12),
}
"""What makes a model, and how many tokens it has for an image of 24 x 32 pixels."""
TEXT = {"t5": _t5, "bert": _bert, "clip": _clip, "llama": _llama}


def made(folder: Path, make: Callable[[Path], None]) -> str:
    library = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    torch.manual_seed(0)
    make(folder)
    words = tokenizers.models.WordLevel({word: index for index, word in enumerate(WORDS)}, "<unk>")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    library.PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)
    return f"hf:{folder}"


@pytest.mark.parametrize("name", VISION)
def test_a_vision_model_makes_tokens_of_an_image(name: str, tmp_path: Path) -> None:
    make, count = VISION[name]
    path = made(tmp_path, make)
    images = torch.randn(2, 3, 24, 32, generator=torch.Generator().manual_seed(0))
    frozen, tuned = (make_vision(composed(vision=path, tune_vision=one)) for one in (False, True))
    tokens = frozen(images, torch.zeros(2, 8))
    assert tokens.shape == (2, count, 8)
    assert not torch.allclose(tokens, frozen(images.flip(-1), torch.zeros(2, 8)), atol=1e-4)
    tokens.sum().backward()
    assert {one.split(".")[0] for one, _ in frozen.named_parameters()} == {"norm", "out"}
    tuned(images, torch.zeros(2, 8)).square().sum().backward()
    backbone = [one.grad for key, one in tuned.named_parameters() if key.startswith("backbone")]
    assert any(gradient is not None for gradient in backbone)


@pytest.mark.parametrize("name", TEXT)
def test_a_text_model_makes_tokens_of_words_and_none_of_padding(name: str, tmp_path: Path) -> None:
    config = composed(text=made(tmp_path, TEXT[name]))
    kind = text_kind(config.text)
    encoder = kind.encoder(config).eval()
    ids, mask = kind.tokenizer(config)(["pick up the red cube", "pick up"])
    assert mask.tolist() == [[True] * 5, [True] * 2 + [False] * 3]
    tokens = encoder(ids, mask)
    assert tokens.shape == (2, 5, config.width)
    other = ids.clone()
    other[1, 2:] = 4
    assert torch.equal(encoder(other, mask)[1, :2], tokens[1, :2])
    torch.testing.assert_close(encoder(ids[1:, :2], mask[1:, :2])[0], tokens[1, :2])
    blue, _ = kind.tokenizer(config)(["pick up the blue cube", "pick up"])
    assert not torch.allclose(encoder(blue, mask)[0], tokens[0], atol=1e-4)


def test_a_whole_policy_sees_and_reads_with_such_models(tmp_path: Path) -> None:
    config = composed(
        vision=made(tmp_path / "dinov2", _dinov2),
        text=made(tmp_path / "t5", _t5),
        vision_shared=True,
    )
    policy = small_policy(config)
    images, state = seen()
    red, blue = (policy(images, state, [f"pick up the {one} cube"] * 2) for one in ("red", "blue"))
    assert red.features.shape == (2, 4, 8)
    assert not torch.equal(red.features, blue.features)
    assert sum(isinstance(one, Frozen) for one in policy.modules()) == 2
    with pytest.raises(TooLongError, match=r"takes 12"):
        policy(images, state, ["pick " * 13] * 2)


def test_our_bert_is_theirs(tmp_path: Path) -> None:
    theirs = pytest.importorskip("transformers").BertModel
    torch.manual_seed(0)
    _bert(tmp_path)
    size = BertSize(len(WORDS), 16, 1, 2, 512)
    ours = Bert(size)
    ours.load_state_dict(renamed(load_file(tmp_path / "model.safetensors"), size.layers))
    ids = torch.tensor([[3, 4, 5, 6, 8], [3, 4, 0, 0, 0]])
    mask = ids > 0
    with torch.no_grad():
        expected = theirs.from_pretrained(tmp_path).eval()(ids, mask.long()).last_hidden_state
        torch.testing.assert_close(ours.eval()(ids, mask)[mask], expected[mask])


@pytest.mark.parametrize("what", ["nothing", "no model", "pickled weights"])
def test_what_is_no_model_is_refused(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    if what == "no model":
        (tmp_path / "config.json").write_text('{"model_type": "sausage"}')
    elif what == "pickled weights":
        _bert(tmp_path)
        (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"cannot be loaded"):
        make_vision(composed(vision=f"hf:{tmp_path}"))
