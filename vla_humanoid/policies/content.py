"""The JSON file beside weights, which says what they are of."""

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from vla_humanoid.policies.weights import CheckpointError

Content = TypeVar("Content")


def read_content(adapter: TypeAdapter[Content], path: Path, weights: str) -> Content:
    """Return what a file says.

    Args:
        adapter: of its content.
        path: of the file.
        weights: name of the file beside it, for the message.

    Raises:
        CheckpointError: if it cannot be read, or says something else.
    """
    try:
        return adapter.validate_json(path.read_bytes())
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be read: {error.strerror}. A checkpoint is a folder with {path.name} "
            f"and {weights}."
        ) from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise CheckpointError(f"{path} is not a model's description: {faults}.") from error
