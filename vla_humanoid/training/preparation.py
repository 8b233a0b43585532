"""From what a user asks for to a model, ready to be trained."""

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.reading.dataset import Dataset
from vla_humanoid.description import Description
from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import ModelError
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.policies.slots import Slot
from vla_humanoid.policies.systems.registry import configure
from vla_humanoid.training.adaptation import adapt
from vla_humanoid.training.batches import whole_batches
from vla_humanoid.training.data import training_set
from vla_humanoid.training.goal_slots import known_slots
from vla_humanoid.training.grounding_source import read_grounder
from vla_humanoid.training.initialization import continued_model
from vla_humanoid.training.model_making import (
    cropped,
    describe,
    felt,
    make_model,
    require_sayable,
    sentences,
    views,
)
from vla_humanoid.training.request import Request


def prepare(request: Request) -> PolicyModel:
    """Return the model that a run begins with.

    Raises:
        ConfigurationError: if the files, or a checkpoint to start from, do not fit.
        DatasetError: if a file cannot be read.
    """
    with training_set(request) as dataset:
        whole_batches(dataset, request.training.batch_size)  # Refused before there is a folder.
        description = describe(dataset)
        if request.init is None:
            model = _new_model(request, description, dataset)
        else:
            model = continued_model(request.init, description, dataset, request.training.seed)
        require_sayable(model, dataset)
    adapt(model, request.adapt)
    return model


def _new_model(request: Request, description: Description, dataset: Dataset) -> PolicyModel:
    slots = known_slots(dataset) if request.training.goal_slots else ()
    grounder = None if request.grounding is None else read_grounder(request.grounding)
    config = _config(request, description, sentences(dataset), slots, grounder)
    try:
        model = make_model(config, description, dataset, request.training.seed)
    except ModelError as error:
        raise ConfigurationError(str(error)) from error
    if grounder is not None and model.grounder is not None:
        model.grounder.load_state_dict(grounder.state_dict())
    return model


def _config(
    request: Request,
    description: Description,
    said: tuple[str, ...],
    slots: tuple[Slot, ...],
    grounder: Grounder | None,
) -> ModelConfig:
    told, scale, crop = request.training.told, request.training.view_scale, request.training.crop
    try:
        seen = views(description, told, scale)
        grounding = None if grounder is None else grounder.config
        return configure(
            request.model,
            cropped(seen, crop) if crop else seen,
            felt(description),
            said,
            slots,
            grounding,
            request.parts,
        )
    except ModelError as error:
        raise ConfigurationError(str(error)) from error
