from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from vla_humanoid.control.robot_model import GRAVITY, RobotModel
from vla_humanoid.control.rotations import matrix_to_quat
from vla_humanoid.envs.dynamics import sample_dynamics
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.envs.isaaclab.batch_config import (
    UNSUPPORTED_AXES,
    BatchOptions,
    make_batch_config,
)
from vla_humanoid.envs.isaaclab.entry import make_batch_env
from vla_humanoid.envs.isaaclab.reset_options import Request, parse_request
from vla_humanoid.envs.isaaclab.seeds import SeedStreams
from vla_humanoid.envs.isaaclab.standing_loads import with_standing_loads
from vla_humanoid.envs.isaaclab.stock_choice import choose_stock
from vla_humanoid.schema import Pose
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.pushes import PushRanges
from vla_humanoid.tasks.core.randomization import AXES, EpisodeRandom


def test_a_seed_counts_on_from_world_to_world():
    assert parse_request(3, 7, {}) == {0: Request(7), 1: Request(8), 2: Request(9)}
    assert parse_request(2, 7, {"goal_index": 1}) == {0: Request(7, 1), 1: Request(8, 1)}
    assert parse_request(2, None, {"seeds": [np.int64(5), 3]}) == {0: Request(5), 1: Request(3)}
    assert parse_request(2, None, {}) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"goal": 1}, "Unknown reset option goal"),
        ({"seeds": [1]}, "seeds must be 2 integers"),
        ({"seeds": [1, -2]}, "seeds must be 2 integers"),
        ({"seeds": [1, "x"]}, "A seed must be an integer"),
        ({"goal_index": 1}, "needs a seed"),
        ({"seeds": [1, 2], "goal_index": 0.5}, "goal_index must be an integer"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        parse_request(2, None, options)


def test_streams_of_seeds_do_not_depend_on_each_other():
    alternating, apart = SeedStreams(4), SeedStreams(4)
    first = [(alternating.next(0), alternating.next(1)) for _ in range(5)]
    zeros = [apart.next(0) for _ in range(5)]
    ones = [apart.next(1) for _ in range(5)]
    assert first == list(zip(zeros, ones, strict=True))
    assert len({*zeros, *ones}) == 10


def test_standing_loads_bear_the_weight_where_the_centre_of_mass_is():
    task = load_task("StandStill")
    dynamics = sample_dynamics(EpisodeRandom(0, frozenset()), PushRanges(), carries_payload=False)
    state = initial_state(task.sample_scene(EpisodeRandom(0, frozenset())), dynamics)
    model = RobotModel()
    model.update(state.robot)
    soles = model.soles()
    links = {f"{side}_ankle_roll_link": model.frame(f"{side}_ankle_roll_link") for side in soles}
    poses = {
        name: Pose(link.position, matrix_to_quat(link.rotation)) for name, link in links.items()
    }
    state = replace(state, robot=replace(state.robot, links=poses))
    wrenches = with_standing_loads(state, model.com).robot.foot_wrenches
    total = sum(wrench[2] for wrench in wrenches.values())
    assert total == pytest.approx(model.mass * GRAVITY, rel=1e-3)
    moment = np.zeros(2)
    for side, wrench in wrenches.items():
        x, y = soles[side].position[:2]
        moment += [x * wrench[2] - wrench[4], y * wrench[2] + wrench[3]]
    np.testing.assert_allclose(moment / total, model.com[:2], atol=1e-6)


def test_default_leaves_out_what_a_running_world_cannot_follow():
    config = make_batch_config("PickPlace", physics="ovphysx")
    assert set(config.randomization) == set(AXES) - set(UNSUPPORTED_AXES)
    assert "floor_friction" not in make_batch_config("PickPlace", physics="newton").randomization
    with pytest.raises(ValueError, match="cannot randomize object_size"):
        make_batch_config("PickPlace", randomization=("object_size",))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_envs": 0}, "num_envs"),
        ({"copies": 0}, "copies"),
        ({"physics": "bullet"}, "ovphysx, newton, physx"),
        ({"control_mode": "feet"}, "control mode"),
    ],
)
def test_wrong_values_are_refused(options: BatchOptions, message: str):
    with pytest.raises(ValueError, match=message):
        make_batch_config("PickPlace", **options)


def test_options_of_other_engines_are_refused_by_name():
    with pytest.raises(ValueError, match="no option robot"):
        make_batch_env("PickPlace", **cast(BatchOptions, {"robot": "menagerie"}))


def test_worlds_have_what_their_task_uses():
    tabletop = choose_stock(load_task("PickPlace"), make_batch_config("PickPlace", copies=2))
    assert tabletop.table
    assert tabletop.things["cup"] == 2
    assert tabletop.things["tray"] == 2
    assert not tabletop.landmarks
    hall = choose_stock(load_task("WalkToTarget"), make_batch_config("WalkToTarget"))
    assert not hall.table
    assert not hall.things
    assert hall.landmarks["landmark_cone"] == 3


def test_worlds_for_certain_seeds_have_what_those_need():
    task = load_task("PickPlace")
    config = make_batch_config("PickPlace", stock_seeds=(0, 1))
    stock = choose_stock(task, config)
    for seed in (0, 1):
        stock.cast(task.sample_scene(EpisodeRandom(seed, frozenset(config.randomization))))
    assert sum(stock.things.values()) < 12


@pytest.mark.parametrize("seeds", [(), (0,)])
def test_tasks_with_what_no_world_can_hold_are_refused(seeds: tuple[int, ...]):
    for name in ("OpenDrawer", "WalkThroughDoorway"):
        config = make_batch_config(name, physics="ovphysx", stock_seeds=seeds)
        with pytest.raises(ValueError, match=f"{name} has fixtures, walls.*engine='physx'"):
            choose_stock(load_task(name), config)
