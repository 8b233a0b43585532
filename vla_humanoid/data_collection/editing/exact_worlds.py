"""World states to the last bit: simulated again, and compared with the recorded ones."""

from collections.abc import Iterator

import gymnasium.error
import numpy as np

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.dataset_file import DatasetFile, Demo
from vla_humanoid.data_collection.environment import make_env
from vla_humanoid.data_collection.recorded_environment import recorded_environment
from vla_humanoid.schema import WorldState


def exact_worlds(dataset: DatasetFile, demo: Demo) -> Iterator[WorldState]:
    """Yield the world at every action of an episode, in double precision.

    Raises:
        DatasetError: if the environment cannot be rebuilt, or what happens in it is not what is
            recorded, to the last bit of single precision.
    """
    name, kwargs = recorded_environment(dataset, demo)
    try:
        env = make_env(name, {**kwargs, "cameras": ()})
    except (gymnasium.error.Error, ImportError, TypeError, ValueError) as error:
        raise demo.error(f"its environment {name} cannot be rebuilt: {error}") from error
    recorded = demo.states(layout.STATES)
    options: dict[str, object] = {} if demo.goal_index is None else {"goal_index": demo.goal_index}
    try:
        env.reset(seed=demo.seed, options=options)
        for step, action in enumerate(demo.actions()):
            world = env.unwrapped.world_state()
            for path, values in layout.state_tree([world]).items():
                if path not in recorded or not np.array_equal(values[0], recorded[path][step]):
                    raise demo.error(
                        f"simulated again, {path} departs from the record at step {step}, as it "
                        "may with other versions or on another machine; leave out --exact"
                    )
            yield world
            env.step(action)
    finally:
        env.close()
