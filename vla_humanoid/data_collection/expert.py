"""The scripted expert: carries out a task's plan through the environment's action space."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.encoders import make_encoder
from vla_humanoid.data_collection.skills.body import Body, Motion, PrivilegedWorld, SkillFailed
from vla_humanoid.data_collection.skills.pick import pick
from vla_humanoid.data_collection.skills.place import place
from vla_humanoid.schema import SIDES, ActionSpec
from vla_humanoid.tasks.core.containment import contains
from vla_humanoid.tasks.core.plan import Pick, Place, Skill
from vla_humanoid.tasks.core.tabletop import hands_for, named
from vla_humanoid.tasks.core.task import Task

ATTEMPTS = 3
"""How often the plan is carried out, where an object did not stay where it was put."""
SETTLING_TIME = 0.5
"""How long to wait between looks at the result [s]."""


class ExpertWorld(PrivilegedWorld, Protocol):
    """The environment as the expert sees it."""

    @property
    def task(self) -> Task[object]:
        """What is to be done; it states the plan."""
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
        ValueError: if the control mode is one that the expert does not speak.
    """

    def __init__(self, world: ExpertWorld) -> None:
        self._encoder = make_encoder(world.action_spec)
        self._world = world
        self.gave_up: str | None = None

    def reset(self) -> None:
        """Begin the episode that the environment was just reset to."""
        self.gave_up = None
        self._body = Body(self._world)
        self._encoder.reset(self._body)
        self._motion = self._carry_out()

    def act(self) -> NDArray[np.float32]:
        """Return the next action; `gave_up` then says whether the expert has given up."""
        try:
            next(self._motion)
        except SkillFailed as failure:
            self.gave_up = str(failure)
        action = self._encoder.encode(self._body)
        return self._world.action_spec.to_normalized(action).astype(np.float32)

    def _carry_out(self) -> Motion:
        episode, body = self._world.episode, self._body
        plan = self._world.task.plan(episode.goal, episode.scene)
        side = self._choose_hand(plan)
        for other in SIDES:
            if other != side:
                body.set_wrist(other, body.rest(other))
        for _ in range(ATTEMPTS):
            for skill in plan:
                yield from self._perform(skill, side)
            while self._is_carried_out(plan):
                yield from body.wait(SETTLING_TIME)  # The judge ends the episode when content.
        raise SkillFailed("object not placed")

    def _is_carried_out(self, plan: tuple[Skill, ...]) -> bool:
        """Tell whether every object that was to be placed lies where it belongs."""
        scene, state = self._world.episode.scene, self._world.world_state()
        return all(
            contains(
                named(scene.containers, skill.container),
                state.objects[skill.container],
                named(scene.objects, skill.object),
                state.objects[skill.object],
            )
            for skill in plan
            if isinstance(skill, Place)
        )

    def _perform(self, skill: Skill, side: str) -> Motion:
        scene = self._world.episode.scene
        match skill:
            case Pick(name):
                return pick(self._body, scene, named(scene.objects, name), side)
            case Place(name, container):
                thing = named(scene.objects, name)
                return place(self._body, scene, thing, named(scene.containers, container), side)

    def _choose_hand(self, plan: tuple[Skill, ...]) -> str:
        """Return the hand nearer to the object, of those that also reach the container."""
        scene = self._world.episode.scene
        placing = next(skill for skill in plan if isinstance(skill, Place))
        thing = named(scene.objects, placing.object)
        able = hands_for(scene, thing, named(scene.containers, placing.container))
        able = tuple(side for side in able if side in self._encoder.sides) or self._encoder.sides
        near = self._body.object_pose(thing.name).position
        return min(able, key=lambda side: abs(near[1] - self._body.rest(side).position[1]))
