"""Episodes at a table whose worlds stay as a test puts them."""

from collections.abc import Mapping

import numpy as np
from synthetic_worlds import body, robot, world

from vla_humanoid.assets.scene import Scene
from vla_humanoid.schema import RigidBodyState, RobotState
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.spoken_task import RolesT, SpokenTask
from vla_humanoid.tasks.core.task import Judge, Verdict

STEP = 0.05


def at_start(scene: Scene) -> dict[str, RigidBodyState]:
    """Everything where the scene has it."""
    return {
        thing.name: body(np.array(thing.position), np.array(thing.quat_wxyz))
        for thing in (*scene.objects, *scene.containers)
    }


def moved(state: RigidBodyState, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> RigidBodyState:
    """The same body elsewhere."""
    return body(state.pose.position + np.array([x, y, z]), state.pose.quat_wxyz)


def held_for(
    judge: Judge,
    objects: Mapping[str, RigidBodyState],
    seconds: float,
    who: RobotState | None = None,
    start: float = 0.0,
) -> Verdict:
    """Judge a world that stays as it is for a time [s]."""
    count = round(seconds / STEP)
    times = [start + i * STEP for i in range(count + 1)]
    verdicts = [judge.update(world(time, dict(objects), who or robot())) for time in times]
    return verdicts[-1]


def check_sentences(task: SpokenTask[RolesT], seed: int) -> None:
    """Check that there are goals to choose from, each said so that it is understood."""
    random = EpisodeRandom(seed, DEFAULT_AXES)
    scene = task.sample_scene(random)
    goals = task.goals(scene)
    assert len(set(goals)) == len(goals) >= 2
    for goal in goals:
        said = task.instruct(goal, scene, random.stream("instruction"))
        for sentence in (said.text, *said.paraphrases):
            assert task.understand(sentence, scene) == goal
        assert task.plan(goal, scene)
        assert all(task.subgoals(goal, scene))
        verdict = held_for(task.judge(goal, scene), at_start(scene), 2.0)
        assert not verdict.success
        assert verdict.failure is None
        assert 0.0 <= verdict.progress < 1.0
