"""What a policy was told is recorded with the step from which on it was told so."""

import json

import numpy as np
from fake_environment import FakeConfig, FakeEnv

from vla_humanoid.data_collection import layout
from vla_humanoid.data_collection.environment import Action, Observation, StepInfo
from vla_humanoid.data_collection.recorder import Recorder
from vla_humanoid.data_collection.rollout import rollout

CORRECTED_AT = 3


class Corrected(FakeEnv):
    """Says something else after some steps."""

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, StepInfo]:
        observation, reward, terminated, truncated, info = super().step(action)
        if self._steps >= CORRECTED_AT:
            info["instruction"] += " - no, the other one"
        info["progress"] = self._steps / 100
        return observation, reward, terminated, truncated, info


class Push:
    gave_up = None

    def reset(self) -> None:
        pass

    def act(self, observation: object = None) -> Action:
        return np.zeros(2, np.float32)


def test_a_correction_is_recorded_with_its_step():
    env, recorder = Corrected(FakeConfig(cameras=())), Recorder("Push", 0)
    outcome = rollout(env, Push(), 1, (recorder,))
    record = recorder.record()
    first = env.episode.instruction.text
    said = [[0, first], [CORRECTED_AT, f"{first} - no, the other one"]]
    assert json.loads(str(record.attributes["said"])) == said
    index = record.arrays[layout.SENTENCE]
    assert index.tolist() == [int(step >= CORRECTED_AT) for step in range(outcome.steps)]
    progress = np.asarray(record.arrays[layout.PROGRESS], np.float64)
    np.testing.assert_allclose(progress, np.arange(outcome.steps) / 100, rtol=1e-6)
