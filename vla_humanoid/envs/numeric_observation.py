"""A wrapper for libraries that take numbers only."""

from typing import cast

import gymnasium
from gymnasium import spaces

from vla_humanoid.envs.humanoid_env import Action, Observation


class NumericObservation(gymnasium.ObservationWrapper[Observation, Action, Observation]):
    """Leaves the instruction out of observations; it stays in ``info`` and as an attribute.

    Args:
        env: an environment of this package.
    """

    def __init__(self, env: gymnasium.Env[Observation, Action]) -> None:
        super().__init__(env)
        space = cast("spaces.Dict", env.observation_space)
        numbers = {key: part for key, part in space.items() if not isinstance(part, spaces.Text)}
        self.observation_space = cast("spaces.Space[Observation]", spaces.Dict(numbers))

    def observation(self, observation: Observation) -> Observation:
        """Return images and state alone."""
        return {key: value for key, value in observation.items() if not isinstance(value, str)}
