"""Describes episodes the way TensorFlow Datasets does, in ``features.json``.

The features are those of OpenVLA's own data sets: ``steps`` of an episode, and what holds for all
of it in ``episode_metadata``.
"""

from collections.abc import Mapping
from typing import TypeAlias

from vla_humanoid.data_collection.file_description import FileDescription
from vla_humanoid.schema import Field

Json: TypeAlias = dict[str, object]

_CLASSES = "tensorflow_datasets.core.features."
_KNOWN_IMAGES: Mapping[str, str] = {"head": "image", "right_wrist": "wrist_image"}
"""What OpenVLA's data sets call the views of these cameras."""


def image_key(camera: str) -> str:
    """Return the name of a camera's images among the observations."""
    return _KNOWN_IMAGES.get(camera, f"{camera}_image")


def features(description: FileDescription, encoding: str) -> Json:
    """Return what ``features.json`` says.

    Args:
        description: what the episodes have in common.
        encoding: of the images: jpeg or png.
    """
    images = {
        image_key(camera): _image(shape, encoding, f"What the camera {camera!r} saw.")
        for camera, shape in description.images.items()
    }
    state = _numbers("float32", len(description.state), _words(description.state))
    action = _numbers(
        "float32",
        len(description.action),
        f"Normalized to [-1, 1] from these ranges: {_words(description.action, ranges=True)}",
    )
    steps = {
        "observation": _group(images | {"state": state}),
        "action": action,
        "discount": _scalar("float32", "1, but 0 where the episode has ended by itself."),
        "reward": _scalar("float32", "What followed from the action."),
        "is_first": _scalar("bool"),
        "is_last": _scalar("bool"),
        "is_terminal": _scalar("bool", "The last step of an episode that succeeded."),
        "language_instruction": _text("What the policy was told at this step."),
    }
    metadata = {
        "file_path": _text("Name of the dataset file, and of the demo in it."),
        "task": _text("Name of the task."),
        "success": _scalar("bool"),
        "paraphrases": _text("JSON list: the instruction in other words."),
    }
    of_steps: Json = {"feature": _group(steps), "length": "-1"}
    return _group(
        {
            "steps": {
                "pythonClassName": f"{_CLASSES}dataset_feature.Dataset",
                "sequence": of_steps,
            },
            "episode_metadata": _group(metadata),
        }
    )


def _words(fields: tuple[Field, ...], *, ranges: bool = False) -> str:
    def word(field: Field) -> str:
        frame = f", {field.frame}" if field.frame else ""
        limits = f" {field.low:g}..{field.high:g}" if ranges else ""
        return f"{field.name} [{field.unit}{frame}]{limits}"

    return "; ".join(word(field) for field in fields)


def _group(members: Mapping[str, Json]) -> Json:
    return {
        "pythonClassName": f"{_CLASSES}features_dict.FeaturesDict",
        "featuresDict": {"features": dict(members)},
    }


def _image(shape: tuple[int, int], encoding: str, about: str) -> Json:
    dimensions = {"dimensions": [str(shape[0]), str(shape[1]), "3"]}
    return {
        "pythonClassName": f"{_CLASSES}image_feature.Image",
        "description": about,
        "image": {"dtype": "uint8", "encodingFormat": encoding, "shape": dimensions},
    }


def _numbers(dtype: str, size: int, about: str) -> Json:
    return {
        "pythonClassName": f"{_CLASSES}tensor_feature.Tensor",
        "description": about,
        "tensor": {"dtype": dtype, "encoding": "none", "shape": {"dimensions": [str(size)]}},
    }


def _scalar(dtype: str, about: str = "") -> Json:
    described: Json = {"description": about} if about else {}
    return described | {
        "pythonClassName": f"{_CLASSES}scalar.Scalar",
        "tensor": {"dtype": dtype, "encoding": "none", "shape": {}},
    }


def _text(about: str) -> Json:
    return {
        "pythonClassName": f"{_CLASSES}text_feature.Text",
        "description": about,
        "text": {},
    }
