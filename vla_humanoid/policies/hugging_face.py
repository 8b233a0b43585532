"""Models of Hugging Face's library, loaded without running code that comes with them."""

from typing import TYPE_CHECKING

from torch import nn

from vla_humanoid.policies.errors import MissingPackageError, ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

EXTRA = "'vla-humanoid[hugging-face]'"
PREFIX = "hf:"
"""Of the name of such an encoder; a folder or a name on the hub follows."""


def load_model(path: str) -> "PreTrainedModel":
    """Return a model.

    Args:
        path: folder with ``config.json`` and safetensors, or name on the hub.

    Raises:
        ModelError: if it cannot be loaded.
    """
    try:
        from transformers import AutoModel
    except ModuleNotFoundError as error:
        raise MissingPackageError(f"{PREFIX}{path}", "transformers", EXTRA) from error
    try:
        return AutoModel.from_pretrained(path, trust_remote_code=False, use_safetensors=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{PREFIX}{path} cannot be loaded: {error}") from error


def load_tokenizer(path: str) -> "PreTrainedTokenizerBase":
    """Return the tokenizer that is saved with a model.

    Raises:
        ModelError: if it cannot be loaded.
    """
    try:
        from transformers import AutoTokenizer
    except ModuleNotFoundError as error:
        raise MissingPackageError(f"{PREFIX}{path}", "transformers", EXTRA) from error
    try:
        return AutoTokenizer.from_pretrained(path, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"The tokenizer of {PREFIX}{path} cannot be loaded: {error}") from error


def width_of(model: nn.Module) -> int:
    """Return the width of a model's last states.

    Raises:
        ModelError: if its configuration does not tell.
    """
    config = model.config
    for name in ("hidden_size", "d_model"):
        if isinstance(width := getattr(config, name, None), int):
            return width
    if widths := getattr(config, "hidden_sizes", None):
        return int(widths[-1])
    raise ModelError(f"The configuration of {type(model).__name__} tells no hidden_size.")
