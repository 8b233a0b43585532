"""The scripted expert: carries out a task's plan through the environment's action space."""

from collections.abc import Iterator
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.encoders import make_encoder
from vla_humanoid.data_collection.skills.body import Body, Motion, PrivilegedWorld, SkillFailed
from vla_humanoid.data_collection.skills.locomotion import has_arrived, move
from vla_humanoid.data_collection.skills.pick import LIFTED, pick
from vla_humanoid.data_collection.skills.place import place
from vla_humanoid.schema import SIDES, ActionSpec
from vla_humanoid.tasks.core.containment import contains
from vla_humanoid.tasks.core.kinds import named
from vla_humanoid.tasks.core.plan import Handling, Locomotion, Pick, Place, Skill
from vla_humanoid.tasks.core.tabletop import hands_for
from vla_humanoid.tasks.core.task import Task

ATTEMPTS = 3
"""How often the plan is carried out, with one hand and the other, until the result stays."""
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
        is_handling = isinstance(plan[-1], Pick | Place)
        reason = "object not placed" if is_handling else "place not reached"
        for attempt in range(ATTEMPTS):
            try:
                for part in _parts(plan):
                    if isinstance(part, tuple):
                        yield from self._handle(part, attempt)
                    else:
                        yield from self._move(part)
            except SkillFailed as failure:
                reason = str(failure)
                yield from self._withdraw()
            while self._is_carried_out(plan[-1]):
                yield from body.wait(SETTLING_TIME)  # The judge ends the episode when content.
        raise SkillFailed(reason)

    def _handle(self, part: tuple[Handling, ...], attempt: int) -> Motion:
        """Carry out what concerns one object with the nearer hand, next time with the other."""
        hands = self._hands(part)
        side = hands[attempt % len(hands)]
        for other in SIDES:
            if other != side:
                self._body.set_wrist(other, self._body.rest(other))
        for skill in part:
            yield from self._perform(skill, side)

    def _move(self, skill: Locomotion) -> Motion:
        """Carry out a skill of the feet, the hands at rest."""
        for side in SIDES:
            self._body.set_wrist(side, self._body.rest(side))
        return move(self._body, self._world.episode.scene, skill)

    def _withdraw(self) -> Motion:
        self._body.set_base_velocity(np.zeros(3))
        for side in self._encoder.sides:
            self._body.set_grip(side, 0.0)
            yield from self._body.move(side, self._body.rest(side))

    def _is_carried_out(self, skill: Skill) -> bool:
        """Tell whether the world is as a skill leaves it."""
        scene, state = self._world.episode.scene, self._world.world_state()
        match skill:
            case Pick(name):
                thing = named(scene.objects, name)
                return bool(state.objects[name].pose.position[2] > thing.position[2] + LIFTED)
            case Place(name, box):
                return contains(
                    named(scene.containers, box),
                    state.objects[box],
                    named(scene.objects, name),
                    state.objects[name],
                )
            case _:
                return has_arrived(self._body, skill)

    def _perform(self, skill: Handling, side: str) -> Motion:
        scene = self._world.episode.scene
        match skill:
            case Pick(name):
                return pick(self._body, scene, named(scene.objects, name), side)
            case Place(name, container):
                thing = named(scene.objects, name)
                return place(self._body, scene, thing, named(scene.containers, container), side)

    def _hands(self, part: tuple[Handling, ...]) -> list[str]:
        """Return the hands that reach an object and where it goes, the nearer to it first."""
        scene = self._world.episode.scene
        thing = named(scene.objects, part[0].object)
        reaching = [
            hands_for(scene, thing, named(scene.containers, skill.container))
            for skill in part
            if isinstance(skill, Place)
        ]
        sides = self._encoder.sides
        able = [side for side in sides if all(side in hands for hands in reaching)]
        near = self._body.object_pose(thing.name).position
        return sorted(
            able or sides, key=lambda side: abs(near[1] - self._body.rest(side).position[1])
        )


def _parts(plan: tuple[Skill, ...]) -> Iterator[tuple[Handling, ...] | Locomotion]:
    """Split a plan: what one hand does with one object stays together."""
    for _, skills in groupby(plan, key=_object_of):
        handled: list[Handling] = []
        for skill in skills:
            if isinstance(skill, Pick | Place):
                handled.append(skill)
            else:
                yield skill
        if handled:
            yield tuple(handled)


def _object_of(skill: Skill) -> str | None:
    return skill.object if isinstance(skill, Pick | Place) else None
