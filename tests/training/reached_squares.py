"""How often a trained model goes to the square that it is told to reach."""

from pathlib import Path

import numpy as np
from reaching import ReachingConfig, ReachingEnv, other_color

from vla_humanoid.policies.checkpoint_policy import CheckpointPolicy
from vla_humanoid.policy_runner.policy import Query

NOTHING = np.zeros((0, 7), np.float32)
"""Actions that an answer would have to follow."""


def goes_right(folder: Path, *, hides: bool) -> int:
    """Of 20 scenes, each with both sentences: how often the hand goes to the named square.

    Args:
        folder: of the run.
        hides: whether the model is asked only once it has looked and sees nothing any more.
    """
    policy = CheckpointPolicy.load(folder / "checkpoint")
    index = [field.name for field in policy.description.action.fields].index("right_wrist_y")
    env = ReachingEnv(ReachingConfig())
    right = 0
    for seed in range(20):
        first, _ = env.reset(seed=seed)
        told, target = str(first["instruction"]), env.target
        for sentence, wanted in ((told, target), (other_color(told), -target)):
            policy.reset(sentence)
            seen = {**first, "instruction": sentence}
            if hides:
                policy.act(Query(seen, NOTHING))
                seen |= {"images/head": np.zeros_like(first["images/head"])}
            action = policy.act(Query(seen, NOTHING))[0]
            right += int(np.sign(action[index]) == np.sign(wanted))
    return right
