"""The scripted expert: carries out a task's plan through the environment's action space."""

from collections.abc import Iterator
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.encoders import make_encoder
from vla_humanoid.data_collection.environment import Observation
from vla_humanoid.data_collection.skills.body import Body, Motion, PrivilegedWorld, SkillFailed
from vla_humanoid.data_collection.skills.perform import (
    able_hands,
    is_done,
    lasts,
    perform,
    subject_of,
)
from vla_humanoid.schema import ActionSpec
from vla_humanoid.tasks.core.plan import Skill
from vla_humanoid.tasks.core.task import Task

ATTEMPTS = 3
"""How often the plan is carried out, with one hand and the other, until the result stays."""
SETTLING_TIME = 0.5
"""How long to wait between looks at the result [s]."""

NOT_PLACED = "object not placed"
"""Why the expert gives up where what it has done does not last."""


class ExpertWorld(PrivilegedWorld, Protocol):
    """The environment as the expert sees it."""

    @property
    def task(self) -> Task[object]:
        """What is to be done; it states the plan."""
        ...

    @property
    def instruction(self) -> str:
        """All that the robot has been told so far."""
        ...

    @property
    def action_spec(self) -> ActionSpec:
        """What the entries of an action mean."""
        ...


class Expert:
    """Acts like a policy, but knows where everything is.

    Args:
        world: the bare environment; it is only read.

    Raises:
        ValueError: if the control mode is one that the expert does not speak, or in which the
            robot cannot walk although the task wants it to.
    """

    def __init__(self, world: ExpertWorld) -> None:
        self._encoder = make_encoder(world.action_spec)
        if world.task.walks and not self._encoder.walks:
            raise ValueError(
                f"The robot cannot walk in mode {world.action_spec.control_mode!r}, which "
                f"{world.task.name} needs. Choose end_effector or arm_joints."
            )
        self._world = world
        self.gave_up: str | None = None

    def reset(self) -> None:
        """Begin the episode that the environment was just reset to."""
        self.gave_up = None
        self._body = Body(self._world)
        self._encoder.reset(self._body)
        self._told = self._world.instruction
        self._motion = self._carry_out()

    def act(self, observation: Observation | None = None) -> NDArray[np.float32]:
        """Return the next action; `gave_up` then says whether the expert has given up.

        Args:
            observation: what is seen now; the expert looks at the world instead.
        """
        if self._world.instruction != self._told:
            self._told = self._world.instruction
            self._motion = self._begin_anew()
        try:
            next(self._motion)
        except SkillFailed as failure:
            self.gave_up = str(failure)
        action = self._encoder.encode(self._body)
        return self._world.action_spec.to_normalized(action).astype(np.float32)

    def _begin_anew(self) -> Motion:
        """Do what the robot is told now, whatever it was about to do."""
        yield from self._withdraw()
        yield from self._carry_out()

    def _plan(self) -> tuple[Skill, ...]:
        """Return the plan for what the robot has been told so far."""
        task, episode = self._world.task, self._world.episode
        plan = task.opening_plan if self._told == episode.instruction.opening else task.plan
        return plan(episode.goal, episode.scene)

    def _carry_out(self) -> Motion:
        body, plan = self._body, self._plan()
        reason = "place not reached" if subject_of(plan[-1]) is None else NOT_PLACED
        for attempt in range(ATTEMPTS):
            try:
                for part in _parts(plan[self._achieved(plan) :]):
                    yield from self._carry_out_part(part, attempt)
            except SkillFailed as failure:
                reason = str(failure)
                yield from self._withdraw()
            while self._is_carried_out(plan):
                yield from body.wait(SETTLING_TIME)  # The judge ends the episode when content.
        raise SkillFailed(reason)

    def _carry_out_part(self, part: tuple[Skill, ...], attempt: int) -> Motion:
        """Carry out skills that go together with the nearer hand, next time with the other."""
        named = self._world.task.hand(self._world.episode.goal)
        hands = self._hands(part) if named is None else [named]
        side = hands[attempt % len(hands)]
        self._body.rest_empty_hands(busy=None if subject_of(part[0]) is None else side)
        scene = self._world.episode.scene
        for skill in part:
            yield from perform(self._body, scene, skill, side)
        if lasts(part[-1]) and not is_done(self._body, scene, part[-1]):
            raise SkillFailed(NOT_PLACED)  # What comes after it would be out of order.

    def _withdraw(self) -> Motion:
        self._body.set_base_velocity(np.zeros(3))
        self._body.held.clear()
        for side in self._encoder.sides:
            self._body.set_grip(side, 0.0)
            yield from self._body.move(side, self._body.rest(side))

    def _achieved(self, plan: tuple[Skill, ...]) -> int:
        """Return how many skills of a plan are behind it: up to the last that lasts and is done."""
        scene, behind = self._world.episode.scene, 0
        for index, skill in enumerate(plan):
            if lasts(skill):
                if not is_done(self._body, scene, skill):
                    break
                behind = index + 1
        return 0 if behind == len(plan) else behind

    def _is_carried_out(self, plan: tuple[Skill, ...]) -> bool:
        """Tell whether the world is as the plan leaves it."""
        scene = self._world.episode.scene
        final = (skill for skill in plan if lasts(skill) or skill is plan[-1])
        return all(is_done(self._body, scene, skill) for skill in final)

    def _hands(self, part: tuple[Skill, ...]) -> list[str]:
        """Return the hands that can carry out a part of a plan, the nearer to its subject first."""
        scene, sides = self._world.episode.scene, self._encoder.sides
        subject = subject_of(part[0])
        if subject is None:
            return list(sides)
        able = [able_hands(self._body, scene, skill) for skill in part]
        both = [side for side in sides if all(side in hands for hands in able)]
        near = self._body.position_of(subject)
        return sorted(
            both or sides, key=lambda side: abs(near[1] - self._body.rest(side).position[1])
        )


def _parts(plan: tuple[Skill, ...]) -> Iterator[tuple[Skill, ...]]:
    """Split a plan: what one hand does with one thing stays together."""
    for subject, skills in groupby(plan, key=subject_of):
        if subject is None:
            yield from ((skill,) for skill in skills)
        else:
            yield tuple(skills)
