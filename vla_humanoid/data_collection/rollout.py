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
    """Whatever chooses the actions: an expert, recorded actions, or the runner of a policy."""

    @property
    def gave_up(self) -> str | None:
        """Why the policy gave the episode up, or None; checked after each `act`."""
        ...

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        ...

    def act(self, observation: Observation) -> Action:
        """Return the next action, each entry in [-1, 1].

        Args:
            observation: what is seen now; who knows the world itself need not look.
        """
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


class EpisodeRun:
    """One episode, step by step; it begins when this is made.

    Args:
        env: the environment.
        policy: chooses the actions.
        seed: of the episode; it determines everything about it but the goal where that is chosen.
        subscribers: told about every step.
        goal_index: which of the scene's goals; None for the seed's.
    """

    def __init__(
        self,
        env: DemonstrationEnv,
        policy: Policy,
        seed: int,
        subscribers: Sequence[Subscriber] = (),
        goal_index: int | None = None,
    ) -> None:
        self._env = env
        self._policy = policy
        self._subscribers = subscribers
        options: dict[str, object] = {} if goal_index is None else {"goal_index": goal_index}
        observation, info = env.reset(seed=seed, options=options)
        self.moment = self._moment(observation, info)
        """What there is now."""
        self.steps = 0
        """Number of actions taken."""
        self.outcome: Outcome | None = None
        """How the episode ended; None while it goes on."""
        policy.reset()
        for subscriber in subscribers:
            subscriber.on_reset(env.unwrapped)

    def step(self) -> Outcome | None:
        """Let the policy act once, and return how the episode ended if that ended it.

        Raises:
            RuntimeError: if it had ended before.
        """
        action = self.choose()
        return self.outcome if action is None else self.take(action, *self._env.step(action))

    def choose(self) -> Action | None:
        """Return what the policy does next, or None if it gave up; `take` says what came of it.

        Raises:
            RuntimeError: if the episode had ended before.
        """
        if self.outcome is not None:
            raise RuntimeError("The episode is over; begin another one.")
        action = self._policy.act(self.moment.observation)
        if self._policy.gave_up is not None:
            self._end()
            return None
        return action

    def take(
        self,
        action: Action,
        observation: Observation,
        reward: float,
        terminated: bool,
        truncated: bool,
        info: StepInfo,
    ) -> Outcome | None:
        """Take what an action led to, and return how the episode ended if that ended it.

        Args:
            action: that was chosen.
            observation: of what it led to.
            reward: for it.
            terminated: whether the episode ended.
            truncated: whether it was cut off.
            info: what the environment reports.
        """
        over = terminated or truncated
        for subscriber in self._subscribers:
            subscriber.on_step(self.moment, action, float(reward), over)
        self.moment = self._moment(observation, info)
        self.steps += 1
        return self._end() if over else None

    def _moment(self, observation: Observation, info: StepInfo) -> Moment:
        return Moment(observation, self._env.unwrapped.world_state(), info)

    def _end(self) -> Outcome:
        info = self.moment.info
        # An episode that is over without success has a reason of its own.
        success = info["success"]
        failure = None if success else info["failure"] or self._policy.gave_up
        self.outcome = Outcome(success, failure, self.steps)
        for subscriber in self._subscribers:
            subscriber.on_end(self.moment, self.outcome)
        return self.outcome


def rollout(
    env: DemonstrationEnv,
    policy: Policy,
    seed: int,
    subscribers: Sequence[Subscriber] = (),
    goal_index: int | None = None,
) -> Outcome:
    """Run one episode until it terminates, is cut off, or the policy gives up.

    Arguments as of `EpisodeRun`.
    """
    run = EpisodeRun(env, policy, seed, subscribers, goal_index)
    while (outcome := run.step()) is None:
        pass
    return outcome
