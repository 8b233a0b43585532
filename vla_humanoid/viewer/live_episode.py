"""One episode that is being viewed: the environment, what acts in it, and what is read from it."""

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import cast

import numpy as np

from vla_humanoid.control.controllers import BalancedController, Controller
from vla_humanoid.control.footsteps import Footstep
from vla_humanoid.control.gait import Phase
from vla_humanoid.data_collection.environment import IMAGE_PREFIX, DemonstrationEnv, Image
from vla_humanoid.data_collection.recorder import EpisodeRecord, Recorder
from vla_humanoid.data_collection.rollout import EpisodeRun, Outcome
from vla_humanoid.envs.episode import Episode, sample_episode
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.viewer.errors import EpisodeUnavailable
from vla_humanoid.viewer.overlay import draw
from vla_humanoid.viewer.policies import TimedPolicy, make_policy
from vla_humanoid.viewer.reading import Margins, Reading
from vla_humanoid.viewer.sentences import goal_of
from vla_humanoid.viewer.settings import SessionSettings
from vla_humanoid.viewer.wrist_targets import WristTargets


class LiveEpisode:
    """An episode under way; it begins when this is made.

    Args:
        env: as `gymnasium.make` returns it, made for the settings.
        settings: say which episode.
        recorder: listens to the episode, or None.
        clock: seconds that only grow.

    Raises:
        InvalidSetting: if the sentence asks for nothing that there is in the scene.
        PolicyUnavailable: if the policy cannot be run.
        EpisodeUnavailable: if the engine does not start, or the seed gives no episode.
    """

    def __init__(
        self,
        env: DemonstrationEnv,
        settings: SessionSettings,
        recorder: Recorder | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._world = cast(HumanoidEnv, env.unwrapped)
        self._settings = settings
        self._recorder = recorder
        self._clock = clock
        self._goal_index = self._chosen_goal()
        with ExitStack() as resources:
            self._policy = TimedPolicy(make_policy(settings, self._world, resources), clock)
            self._run = self._begin(env)
            self._resources = resources.pop_all()
        self._wrists = WristTargets(self._world.action_spec)
        self._wrists.reset(self._world.world_state().robot, self._world.controller.stance)
        self._step_time = 0.0

    def _begin(self, env: DemonstrationEnv) -> EpisodeRun:
        listeners = () if self._recorder is None else (self._recorder,)
        seed = self._settings.seed
        try:
            return EpisodeRun(env, self._policy, seed, listeners, self._goal_index)
        except PlacementError as error:
            raise _no_layout(seed) from error
        except (ImportError, OSError, RuntimeError) as error:  # Engines load with the first world.
            raise EpisodeUnavailable(f"The environment does not start: {error}") from error

    @property
    def episode(self) -> Episode:
        """What was sampled for it."""
        return self._world.episode

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; None while it goes on."""
        return self._run.outcome

    @property
    def is_recorded(self) -> bool:
        """Whether a recorder listens."""
        return self._recorder is not None

    def step(self) -> None:
        """Let the policy act once."""
        start = self._clock()
        self._run.step()
        self._step_time = self._clock() - start
        if self._policy.action is not None:
            self._wrists.update(self._policy.action)

    def read(self) -> Reading:
        """Return what is to be shown now."""
        moment, world = self._run.moment, self._world
        info, episode, outcome = moment.info, world.episode, self._run.outcome
        return Reading(
            steps=self._run.steps,
            world=moment.world,
            instruction=self._settings.sentence or episode.instruction.text,
            subgoals=world.task.subgoals(episode.goal, episode.scene),
            subgoal=info["subgoal"],
            success=info["success"],
            failure=info["failure"] if outcome is None else outcome.failure,
            margins=_margins(world.controller),
            latency=self._policy.latency,
            step_time=self._step_time,
            images={
                key.removeprefix(IMAGE_PREFIX): cast(Image, value)
                for key, value in moment.observation.items()
                if key.startswith(IMAGE_PREFIX)
            },
            drawings=draw(
                world.controller.balance,
                planned_footsteps(world.controller),
                self._wrists.poses(moment.world.robot, world.controller.stance),
                episode.scene.floor_slope,
            ),
        )

    def close(self) -> None:
        """Release what the policy holds."""
        self._resources.close()

    def stop_recording(self) -> None:
        """Let the episode go on without being recorded."""
        self._recorder = None

    def record(self) -> EpisodeRecord:
        """Return the record of an episode that is over and took at least one step.

        Where the user chose the words, they are its instruction, and the environment's own
        sentences are paraphrases; the chosen goal is noted, so that a replay repeats it.
        """
        if self._recorder is None:
            raise RuntimeError("This episode is not recorded.")
        record = self._recorder.record()
        if self._goal_index is None:
            return record
        own = self._world.episode.instruction
        said: dict[str, str | int | bool] = {
            "instruction": self._settings.sentence,
            "paraphrases": json.dumps((own.text, *own.paraphrases)),
            "goal_index": self._goal_index,
        }
        return replace(record, attributes={**record.attributes, **said})

    def _chosen_goal(self) -> int | None:
        """Return the goal that the user's sentence asks for; None without a sentence."""
        settings, task = self._settings, self._world.task
        if not settings.sentence:
            return None
        axes = self._world.config.randomization
        try:
            scene = sample_episode(task, settings.seed, axes, None).scene
        except PlacementError as error:
            raise _no_layout(settings.seed) from error
        return goal_of(settings.sentence, task, scene)


def planned_footsteps(controller: Controller) -> tuple[Footstep, ...]:
    """Return the steps that a balance layer is about to make, the next one first."""
    if not isinstance(controller, BalancedController):
        return ()
    gait = controller.body.gait
    return () if gait.phase is Phase.STANDING else gait.plan.latest


def _margins(controller: Controller) -> Margins:
    balance, safety = controller.balance, controller.safety
    return Margins(
        dcm=float(balance.support_margin),
        zmp=balance.support.margin(np.asarray(balance.zmp)),
        fallback=safety.fallback.name.lower(),
        reason=safety.fallback_reason,
        interventions=dict(safety.interventions.counts),
    )


def _no_layout(seed: int) -> EpisodeUnavailable:
    return EpisodeUnavailable(f"Seed {seed} gives no layout of the scene; choose another seed.")
