"""The model that fits some datasets: what it sees and feels, and which words it knows."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.description import Description
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import InputError
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.standardization import Standardization
from vla_humanoid.policies.views import CameraInput
from vla_humanoid.schema import CONTROL_MODES, ActionSpec, ControlMode

_HEAD = CameraInput("head", 168, 224, top=0.25)
"""The upper quarter shows the wall."""
_OTHER_SIZE = 112
_USUAL_SIZE = 224


def describe(dataset: Dataset) -> Description:
    """Return what a model of a dataset sees and does.

    Raises:
        ConfigurationError: if the dataset does not tell.
    """
    told = dataset.description
    if not told.images:
        raise ConfigurationError(f"{dataset.files[0]} has no images; a model needs to see.")
    sizes = set(told.images.values())
    if len(sizes) > 1 or any(height != width for height, width in sizes):
        listed = ", ".join(f"{name} {size[0]}x{size[1]}" for name, size in told.images.items())
        raise ConfigurationError(f"Images must be square and all of one size, not {listed}.")
    return Description(
        ActionSpec(_control_mode(dataset), told.action),
        told.state,
        tuple(told.images),
        next(iter(sizes))[0],
        told.rate,
        tasks(dataset),
    )


def _control_mode(dataset: Dataset) -> ControlMode:
    for mode in CONTROL_MODES:
        if mode == dataset.description.control_mode:
            return mode
    raise ConfigurationError(
        f"{dataset.files[0]} does not tell its control mode; it must be one of "
        f"{', '.join(CONTROL_MODES)}."
    )


def tasks(dataset: Dataset) -> tuple[str, ...]:
    """Return the names of a dataset's tasks, in alphabetical order."""
    return tuple(sorted({episode.words.task for episode in dataset.episodes()}))


def sentences(dataset: Dataset) -> tuple[str, ...]:
    """Return all that is said in a dataset, in alphabetical order."""
    said = {
        sentence
        for episode in dataset.episodes()
        for told in range(len(episode.words.said))
        for sentence in episode.words.sentences(told)
    }
    return tuple(sorted(said))


def require_sayable(model: PolicyModel, dataset: Dataset) -> None:
    """Check that all that is said in a dataset can be said to a model.

    Raises:
        ConfigurationError: if a sentence is too long.
    """
    try:
        model.require_sentences(sentences(dataset))
    except InputError as error:
        named = ", ".join(map(str, dataset.files))
        raise ConfigurationError(f"In {named}: {error}") from error


def views(
    description: Description, told: Sequence[str], scale: float = 1.0
) -> tuple[CameraInput, ...]:
    """Return which part of each camera's image a model sees, and at which size.

    Args:
        description: of all cameras; the model sees what each sees now.
        told: cameras of which it also sees what they saw when the robot was told its sentence.
        scale: of their sizes, as a fraction of the usual ones.

    Raises:
        ConfigurationError: if there is no such camera.
    """
    if missing := [camera for camera in told if camera not in description.cameras]:
        raise ConfigurationError(
            f"There is no camera {', '.join(missing)} in the dataset, as --told asks for. There "
            f"are: {', '.join(description.cameras)}."
        )
    factor = scale * min(1.0, description.image_size / _USUAL_SIZE)

    def sized(view: CameraInput) -> CameraInput:
        return replace(view, height=round(view.height * factor), width=round(view.width * factor))

    now = [
        sized(_HEAD if camera == "head" else CameraInput(camera, _OTHER_SIZE, _OTHER_SIZE))
        for camera in description.cameras
    ]
    return (*now, *(replace(view, moment="told") for view in now if view.camera in told))


def cropped(seen: Sequence[CameraInput], crop: float) -> tuple[CameraInput, ...]:
    """Return views without a margin on each side, a fraction of them; their sizes stay."""
    return tuple(
        replace(
            view,
            top=view.top + crop * (view.bottom - view.top),
            bottom=view.bottom - crop * (view.bottom - view.top),
            left=view.left + crop * (view.right - view.left),
            right=view.right - crop * (view.right - view.left),
        )
        for view in seen
    )


def felt(description: Description) -> tuple[str, ...]:
    """Return the names of the state's entries that a model feels: postures, no velocities."""
    unwanted = ("foot_force", "angular")
    return tuple(
        field.name
        for field in description.state
        if not field.name.endswith("_velocity") and not any(part in field.name for part in unwanted)
    )


def seen_by(config: ModelConfig, description: Description) -> Description:
    """Return a description with those cameras alone that a model sees."""
    seen = {view.camera for view in config.views}
    return replace(description, cameras=tuple(one for one in description.cameras if one in seen))


def make_model(
    config: ModelConfig, description: Description, dataset: Dataset, seed: int
) -> PolicyModel:
    """Return a model with weights that follow from a seed, standardized by a dataset."""
    statistics = dataset.normalization
    torch.manual_seed(seed)
    model = PolicyModel(
        config,
        seen_by(config, description),
        Standardization(statistics.state.mean.tolist(), statistics.state.std.tolist()),
        Standardization(statistics.actions.mean.tolist(), statistics.actions.std.tolist()),
    )
    for weight in model.parameters():
        if weight.dim() == 4:  # Of convolutions, which are faster so on a CPU.
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return model
