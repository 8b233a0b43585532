"""The one loop that runs an episode, and what may listen to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vla_humanoid.data_collection.environment import (
    Action,
    DemonstrationEnv,
    DemonstrationWorld,
    Observation,
    StepInfo,
)
from vla_humanoid.schema import WorldState


class Policy(Protocol):
    """Whatever chooses the actions: an expert, or recorded actions."""

    @property
    def gave_up(self) -> str | None:
        """Why the policy gave the episode up, or None; checked after each `act`."""
        ...

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        ...

    def act(self) -> Action:
        """Return the next action, each entry in [-1, 1]."""
        ...


@dataclass(frozen=True)
class Moment:
    """What there is when an action is about to be chosen, or when the episode is over.

    Args:
        observation: what the policy sees.
        world: the whole truth.
        info: what the environment reports.
    """

    observation: Observation
    world: WorldState
    info: StepInfo


@dataclass(frozen=True)
class Outcome:
    """How an episode ended.

    Args:
        success: the task's judge was content at the last step.
        failure: why not, or None on success.
        steps: number of actions taken.
    """

    success: bool
    failure: str | None
    steps: int


class Subscriber(Protocol):
    """Listens to an episode; called in the order of the methods."""

    def on_reset(self, world: DemonstrationWorld) -> None:
        """The environment has been reset to a new episode."""
        ...

    def on_step(self, moment: Moment, action: Action, reward: float, last: bool) -> None:
        """An action was chosen at a moment and carried out, for a reward."""
        ...

    def on_end(self, moment: Moment, outcome: Outcome) -> None:
        """The episode is over; ``moment`` is what its last action led to."""
        ...


def rollout(
    env: DemonstrationEnv, policy: Policy, seed: int, subscribers: Sequence[Subscriber] = ()
) -> Outcome:
    """Run one episode until it terminates, is cut off, or the policy gives up.

    Args:
        env: the environment.
        policy: chooses the actions.
        seed: of the episode; it determines everything about it.
        subscribers: told about every step.
    """
    world = env.unwrapped
    observation, info = env.reset(seed=seed)
    moment = Moment(observation, world.world_state(), info)
    policy.reset()
    for subscriber in subscribers:
        subscriber.on_reset(world)
    steps, over = 0, False
    while not over:
        action = policy.act()
        if policy.gave_up is not None:
            break
        observation, reward, terminated, truncated, info = env.step(action)
        over = terminated or truncated
        for subscriber in subscribers:
            subscriber.on_step(moment, action, float(reward), over)
        moment = Moment(observation, world.world_state(), info)
        steps += 1
    # An episode that is over without success has a reason of its own.
    success = info["success"]
    failure = None if success else info["failure"] or policy.gave_up
    outcome = Outcome(success, failure, steps)
    for subscriber in subscribers:
        subscriber.on_end(moment, outcome)
    return outcome
