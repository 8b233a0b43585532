"""What is used of transformers, which only the extra [hugging-face] brings."""

from torch import nn

class PreTrainedModel(nn.Module): ...

class PreTrainedTokenizerBase:
    def __call__(self, text: str) -> dict[str, list[int]]: ...

class AutoModel:
    @classmethod
    def from_pretrained(
        cls, path: str, *, trust_remote_code: bool, use_safetensors: bool
    ) -> PreTrainedModel: ...

class AutoTokenizer:
    @classmethod
    def from_pretrained(cls, path: str, *, trust_remote_code: bool) -> PreTrainedTokenizerBase: ...
