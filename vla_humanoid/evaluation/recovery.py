"""Disturbances that a policy is to recover from: a hand that opens by force, a push."""

import math
from abc import ABC, abstractmethod

import numpy as np

from vla_humanoid.assets.objects import OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Scene
from vla_humanoid.data_collection.environment import Action, Observation
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.perturbed_numbers import direction, stream
from vla_humanoid.schema import SIDES, WorldState
from vla_humanoid.tasks.core.hands import pinch_point
from vla_humanoid.tasks.core.plan import HandTo, LiftBetween, Pick, StandUp
from vla_humanoid.tasks.core.predicates import RELEASE_CLEARANCE
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.task import Task

LIFTED, LAID = 0.05, 0.02
"""Height above where it stood at first at which a thing has been lifted, and has come down [m]."""
OPENED, FALLING = 0.6, 1.5
"""For how long a hand is held open, and how soon what it held must be down again [s]."""
PUSH_FORCE, PUSH_DURATION = 60.0, 0.2
"""[N] and [s]."""
PUSH_TIME = 2.0
"""When the robot is pushed where nothing is to be lifted [s]."""

_GRASPS = (Pick, HandTo, StandUp)


class Disturbed(ABC):
    """A policy that is disturbed once, after it has lifted something.

    Args:
        policy: acts.
        env: what it acts in.
    """

    def __init__(self, policy: Policy, env: HumanoidEnv) -> None:
        self._policy, self._env = policy, env

    @property
    def gave_up(self) -> str | None:
        """Why the policy gave the episode up, or None."""
        return self._policy.gave_up

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        self._policy.reset()
        self._began: float | None = None
        self._was_felt = False

    def act(self, observation: Observation) -> Action:
        """Return the next action, each entry in [-1, 1]."""
        action, state = self._policy.act(observation), self._env.world_state()
        if self._began is None:
            if self._begins(state):
                self._began = state.time
        else:
            self.watch(state)
        if self._began is None:
            return action
        return self._disturbed(action, state.time - self._began)

    def watch(self, state: WorldState) -> None:
        """See whether the disturbance has truly come about; also to be told how an episode ends."""
        if self._began is not None:
            self._was_felt = self._was_felt or self._is_felt(state, state.time - self._began)

    @property
    def at(self) -> float | None:
        """When the robot was truly disturbed [s]; None if it was not."""
        return self._began if self._was_felt else None

    @abstractmethod
    def _begins(self, state: WorldState) -> bool:
        """Tell whether it is time."""

    @abstractmethod
    def _disturbed(self, action: Action, since: float) -> Action:
        """Return what becomes of an action, some time after the disturbance began [s]."""

    @abstractmethod
    def _is_felt(self, state: WorldState, since: float) -> bool:
        """Tell whether the world shows that it came about, some time after it began [s]."""


class Dropping(Disturbed):
    """The hands that hold the first thing that was lifted are opened by force.

    Args:
        policy: acts.
        env: what it acts in.

    Raises:
        ConfigurationError: if the hands have no grip to be opened in the control mode.
    """

    def __init__(self, policy: Policy, env: HumanoidEnv) -> None:
        super().__init__(policy, env)
        names = [field.name for field in env.action_spec.fields]
        self._grips = {
            side: names.index(f"{side}_grip") for side in SIDES if f"{side}_grip" in names
        }
        if not self._grips:
            raise ConfigurationError(
                f"--induce drop opens grips, which mode {env.config.control_mode!r} does not have."
            )

    def _begins(self, state: WorldState) -> bool:
        self._thing = lifted(self._env.episode.scene, state)
        if self._thing is None:
            return False
        self._hands = [side for side in self._grips if _is_near(self._thing, state, side)]
        return bool(self._hands)

    def _disturbed(self, action: Action, since: float) -> Action:
        if since > OPENED:
            return action
        forced = np.array(action)
        forced[[self._grips[side] for side in self._hands]] = -1.0
        return forced

    def _is_felt(self, state: WorldState, since: float) -> bool:
        return self._thing is not None and since <= FALLING and _rise(self._thing, state) < LAID


class Pushing(Disturbed):
    """The torso is pushed; where nothing is to be lifted, after a fixed time."""

    def reset(self) -> None:
        """Prepare for the episode that the environment was just reset to."""
        super().reset()
        episode = self._env.episode
        plan = self._env.task.plan(episode.goal, episode.scene)
        self._waits = any(isinstance(skill, (*_GRASPS, LiftBetween)) for skill in plan)

    def _begins(self, state: WorldState) -> bool:
        scene = self._env.episode.scene
        if not (lifted(scene, state) if self._waits else state.time >= PUSH_TIME):
            return False
        x, y = PUSH_FORCE * direction(stream(self._env.episode.seed, "push"), 2)
        self._env.push((float(x), float(y), 0.0), PUSH_DURATION)
        return True

    def _disturbed(self, action: Action, since: float) -> Action:
        return action

    def _is_felt(self, state: WorldState, since: float) -> bool:
        return since >= PUSH_DURATION - 1e-9


def disturbed(kind: str, policy: Policy, env: HumanoidEnv) -> Disturbed:
    """Return a policy that is disturbed; the kind is one of `DISTURBANCES`.

    Raises:
        ConfigurationError: if that is impossible in the control mode.
    """
    return Dropping(policy, env) if kind == "drop" else Pushing(policy, env)


def can_drop(task: Task[object]) -> bool:
    """Tell whether a hand grasps something in a task."""
    scene = task.sample_scene(EpisodeRandom(0, DEFAULT_AXES))
    plan = task.plan(task.goals(scene)[0], scene)
    return any(isinstance(skill, _GRASPS) for skill in plan)


def lifted(scene: Scene, state: WorldState) -> GraspableObject | None:
    """Return the first thing that a hand has lifted; None if there is none."""
    return next(
        (
            thing
            for thing in scene.objects
            if _rise(thing, state) > LIFTED and any(_is_near(thing, state, side) for side in SIDES)
        ),
        None,
    )


def _rise(thing: GraspableObject, state: WorldState) -> float:
    return float(state.objects[thing.name].pose.position[2]) - thing.position[2]


def _is_near(thing: GraspableObject, state: WorldState, side: str) -> bool:
    reach = thing.scale * OBJECTS[thing.shape].bounding_radius + RELEASE_CLEARANCE
    return (
        math.dist(pinch_point(state.robot, side), state.objects[thing.name].pose.position) < reach
    )
