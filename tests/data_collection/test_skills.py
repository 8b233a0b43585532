from collections.abc import Generator
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_humanoid.assets.objects import COLORS, OBJECTS
from vla_humanoid.assets.scene import GraspableObject, Shape
from vla_humanoid.control.rotations import quat_to_matrix, rotvec_to_quat, yaw_of
from vla_humanoid.data_collection.skills.body import ARRIVED, HAND_SPEED, Body
from vla_humanoid.data_collection.skills.grasps import (
    YAW_RANGE,
    Grasp,
    grasps_for,
    palm_down,
    wrist_for_pinch,
)
from vla_humanoid.data_collection.skills.obstacles import (
    AMPLE,
    PATH_WIDTH,
    Obstacle,
    hand_clearance,
    height_over,
    obstacles,
)
from vla_humanoid.data_collection.skills.travel import HAND_DEPTH, above, travel
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.schema import POLICY_RATE, SIDES, FloatArray, Pose

SHAPES = get_args(Shape)
ON_TABLE = 0.75

sides = st.sampled_from(SIDES)
yaws = st.floats(-np.pi, np.pi)
spots = st.tuples(st.floats(0.25, 0.46), st.floats(-0.35, 0.35))


def thing(shape: Shape) -> GraspableObject:
    return GraspableObject("thing", shape, "red", COLORS["red"], (0.0, 0.0, 0.0))


def pose(spot: tuple[float, float], yaw: float) -> Pose:
    return Pose(np.array([*spot, ON_TABLE]), rotvec_to_quat(np.array([0.0, 0.0, yaw])))


def heading(side: str, wrist: Pose) -> float:
    """The yaw of a palm-down hand, from where its fingers point."""
    fingers = quat_to_matrix(wrist.quat_wxyz)[:, 0]
    assert -0.8 < fingers[2] < 0.0  # Fingertips below the wrist.
    return float(np.arctan2(fingers[1], fingers[0]))


def assert_pinches(grasp: Grasp, point: FloatArray) -> None:
    wrist = wrist_for_pinch(grasp.side, point, heading(grasp.side, grasp.wrist))
    assert grasp.wrist.position == pytest.approx(wrist.position)
    assert abs(grasp.wrist.quat_wxyz @ wrist.quat_wxyz) == pytest.approx(1.0)


def angle_between_lines(one: float, other: float) -> float:
    return abs((one - other + 0.5 * np.pi) % np.pi - 0.5 * np.pi)


@given(sides, st.floats(-1.4, 1.4))
def test_a_palm_that_faces_down_does_so_at_every_heading(side: str, yaw: float) -> None:
    rotation = quat_to_matrix(palm_down(side, yaw))
    palm = rotation[:, 1] * (-1.0 if side == "left" else 1.0)
    assert palm[2] < -0.8
    assert yaw_of(rotation) == pytest.approx(yaw)


@given(sides, st.sampled_from(SHAPES), spots, yaws)
@settings(max_examples=150, deadline=None)
def test_grasps_keep_to_the_wrists_range_and_close_along_the_objects_lines(
    side: str, shape: Shape, spot: tuple[float, float], yaw: float
) -> None:
    model, where = OBJECTS[shape], pose(spot, yaw)
    grasps = grasps_for(side, thing(shape), where, [])
    assert grasps
    sign = 1.0 if side == "left" else -1.0
    low, high = sorted((sign * YAW_RANGE[0], sign * YAW_RANGE[1]))
    for grasp in grasps:
        assert grasp.side == side
        turned = heading(side, grasp.wrist)
        assert low - 1e-6 <= turned <= high + 1e-6
        pinch = where.position + np.array([0.0, 0.0, model.grasp_height])
        assert_pinches(grasp, pinch)
        if model.grasp_yaws is not None:
            off = min(angle_between_lines(turned, yaw + line) for line in model.grasp_yaws)
            # Where no line lies within the range, the end of the range that is nearest to one.
            at_an_end = min(abs(turned - low), abs(turned - high)) < 1e-6
            assert off < 1e-6 or at_an_end


@given(st.sampled_from(SHAPES), spots, yaws)
@settings(max_examples=50, deadline=None)
def test_the_hands_mirror_each_other(shape: Shape, spot: tuple[float, float], yaw: float) -> None:
    x, y = spot
    left = [heading("left", g.wrist) for g in grasps_for("left", thing(shape), pose(spot, yaw), [])]
    mirrored = grasps_for("right", thing(shape), pose((x, -y), -yaw), [])
    right = [-heading("right", grasp.wrist) for grasp in mirrored]
    assert sorted(left) == pytest.approx(sorted(right), abs=1e-6)


@pytest.mark.parametrize("axis", [0.2, -1.0, 1.3])
def test_a_toppled_bottle_is_grasped_across_as_it_lies(axis: float) -> None:
    tilt = rotvec_to_quat(0.5 * np.pi * np.array([-np.sin(axis), np.cos(axis), 0.0]))
    fallen = Pose(np.array([0.35, 0.15, ON_TABLE]), tilt)
    along = quat_to_matrix(tilt)[:, 2]
    lies = np.arctan2(along[1], along[0])
    for grasp in grasps_for("left", thing("bottle"), fallen, []):
        turned = heading("left", grasp.wrist)
        across = angle_between_lines(turned, lies + 0.5 * np.pi)
        assert across < 1e-6 or min(abs(turned - yaw) for yaw in YAW_RANGE) < 1e-6
        assert_pinches(grasp, fallen.position)


def test_fingers_come_down_where_there_is_room() -> None:
    where = pose((0.44, 0.15), 0.0)
    pinch = where.position + np.array([0.0, 0.0, OBJECTS["cylinder"].grasp_height])
    usual = heading("left", grasps_for("left", thing("cylinder"), where, [])[0].wrist)
    # A post where a finger of the usual grasp would come down.
    ahead = np.array([np.cos(usual), np.sin(usual)])
    spot = pinch[:2] + 0.058 * ahead + 0.036 * np.array([-ahead[1], ahead[0]])
    post = Obstacle(spot, 0.015, ON_TABLE + 0.1)
    other = heading("left", grasps_for("left", thing("cylinder"), where, [post])[0].wrist)
    assert hand_clearance([post], pinch, usual) < 0.0
    assert hand_clearance([post], pinch, other) > 0.0


PINCH = np.array([0.35, 0.1, ON_TABLE])


@given(yaws, yaws, st.floats(0.0, 0.06), st.floats(0.0, 0.30), st.floats(0.0, 0.30))
@settings(max_examples=200, deadline=None)
def test_clearance_shrinks_as_an_obstacle_grows_and_never_exceeds_what_is_ample(
    yaw: float, direction: float, radius: float, distance: float, growth: float
) -> None:
    center = PINCH[:2] + distance * np.array([np.cos(direction), np.sin(direction)])
    small, large = (
        hand_clearance([Obstacle(center, r, ON_TABLE + 0.1)], PINCH, yaw)
        for r in (radius, radius + growth)
    )
    assert large <= small <= AMPLE
    if large < AMPLE and small < AMPLE:
        assert small - large == pytest.approx(growth)


@pytest.mark.parametrize("yaw", [-1.0, 0.0, 0.7])
@pytest.mark.parametrize("bearing", [0.0, 0.5 * np.pi, np.pi])
def test_clearance_shrinks_as_an_obstacle_comes_nearer(yaw: float, bearing: float) -> None:
    ray = np.array([np.cos(yaw + bearing), np.sin(yaw + bearing)])
    gaps = [
        hand_clearance([Obstacle(PINCH[:2] + d * ray, 0.02, ON_TABLE + 0.1)], PINCH, yaw)
        for d in np.linspace(0.4, 0.06, 18)
    ]
    assert gaps[0] == AMPLE
    assert gaps[-1] < 0.5 * AMPLE
    assert (np.diff(gaps) <= 1e-9).all()


def test_what_is_lower_than_the_hand_reaches_is_not_in_its_way() -> None:
    flat = Obstacle(PINCH[:2] + np.array([0.05, 0.0]), 0.05, ON_TABLE - 0.05)
    assert hand_clearance([flat], PINCH, 0.0) == AMPLE
    assert hand_clearance([], PINCH, 0.0) == AMPLE


points = st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)).map(np.array)


@given(points, points, points, st.floats(0.0, 0.1))
@settings(max_examples=200, deadline=None)
def test_only_what_is_near_the_path_is_flown_over(
    start: FloatArray, goal: FloatArray, center: FloatArray, radius: float
) -> None:
    # The distance from the path, by brute force; cases too close to call are left out.
    way = start + np.linspace(0.0, 1.0, 400)[:, None] * (goal - start)
    distance = float(np.linalg.norm(way - center, axis=1).min())
    is_near = distance < radius + PATH_WIDTH
    if abs(distance - radius - PATH_WIDTH) > 0.003:
        top = height_over([Obstacle(center, radius, 1.0)], start, goal)
        assert top == (1.0 if is_near else -np.inf)


def test_the_tallest_thing_on_the_way_counts() -> None:
    start, goal = np.array([0.3, -0.2]), np.array([0.3, 0.2])
    low, tall = (
        Obstacle(np.array([0.3, 0.0]), 0.03, 0.8),
        Obstacle(np.array([0.35, 0.1]), 0.03, 0.9),
    )
    away = Obstacle(np.array([0.6, 0.0]), 0.03, 2.0)
    assert height_over([low, tall, away], start, goal) == 0.9
    assert height_over([], start, goal) == -np.inf


@pytest.fixture
def env() -> Generator[HumanoidEnv, None, None]:
    env = HumanoidEnv("PickPlace", cameras=(), randomization="none")
    env.reset(seed=0)
    yield env
    env.close()


def test_obstacles_are_the_things_that_stand_about(env: HumanoidEnv) -> None:
    scene, body = env.episode.scene, Body(env)
    things = (*scene.objects, *scene.containers)
    assert len(obstacles(body, scene, ignored=())) == len(things)
    first, *others = things
    found = obstacles(body, scene, ignored=(first.name,))
    assert len(found) == len(others)
    for obstacle, other in zip(found, others, strict=True):
        assert obstacle.center == pytest.approx(other.position[:2], abs=0.01)
        assert obstacle.top > 0.72


def flown(body: Body, side: str, goal: Pose, found: tuple[Obstacle, ...]) -> FloatArray:
    """The commanded positions of a wrist on its way, if the arm followed at once."""
    way = []
    for _ in travel(body, side, goal, found):
        way.append(body.target.wrists[side].position)
        if len(way) > 400:
            break
    return np.array(way)


@pytest.mark.parametrize("side", SIDES)
def test_a_hand_flies_over_what_is_in_its_way(
    env: HumanoidEnv, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = Body(env)
    # An arm without lag: only the planned way matters here.
    monkeypatch.setattr(Body, "wrist", lambda self, side: self.target.wrists[side])
    start = body.target.wrists[side]
    goal = Pose(start.position + np.array([0.2, 0.0, -0.05]), start.quat_wxyz)
    middle = 0.5 * (start.position + goal.position)
    post = Obstacle(middle[:2], 0.02, 0.90)
    way = flown(body, side, goal, (post,))
    above_post = np.linalg.norm(way[:, :2] - middle[:2], axis=1) < post.radius
    assert above_post.any()
    assert (way[above_post, 2] > post.top + HAND_DEPTH).all()
    assert way[-1] == pytest.approx(goal.position, abs=ARRIVED)
    speeds = np.linalg.norm(np.diff(way, axis=0), axis=1) * POLICY_RATE
    assert speeds.max() <= 1.05 * HAND_SPEED
    direct = flown(body, side, above(goal, 0.01), ())
    assert direct[:, 2].max() <= max(start.position[2], goal.position[2] + 0.01) + 1e-6
