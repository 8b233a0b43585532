from dataclasses import replace

import mujoco
import pytest
from things import compiled, run

from vla_humanoid.assets.fixtures import FIXTURES
from vla_humanoid.assets.scene import Fixture, FixtureKind, Scene, StaticBox, Table

KINDS: tuple[FixtureKind, ...] = tuple(FIXTURES)


def fixture(kind: FixtureKind, **changes: float) -> Fixture:
    plain = Fixture("thing", kind, "red", (0.8, 0.1, 0.1), (0.5, 0.0, 0.72))
    return replace(plain, **changes)


def pulled(kind: FixtureKind, share: float) -> tuple[mujoco.MjModel, mujoco.MjData]:
    """A fixture whose joint is at a share of its range."""
    model = compiled(Scene(table=Table(), fixtures=(fixture(kind),)))
    data = mujoco.MjData(model)
    low, high = model.joint("thing_joint").range
    data.joint("thing_joint").qpos = low + share * (high - low)
    return model, data


@pytest.mark.parametrize("kind", KINDS)
def test_a_fixture_stays_where_it_is_left_or_springs_back(kind: FixtureKind) -> None:
    model, data = pulled(kind, 0.5)
    before = float(data.joint("thing_joint").qpos[0])
    run(model, data, 2.0)
    after = float(data.joint("thing_joint").qpos[0])
    if FIXTURES[kind].stiffness == 0.0:
        assert after == pytest.approx(before, abs=1e-3)
    else:
        assert abs(after) < 0.2 * abs(before)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_fixture_touches_the_rest_of_it(kind: FixtureKind) -> None:
    for share in (0.0, 0.5, 1.0):
        model, data = pulled(kind, share)
        mujoco.mj_forward(model, data)
        assert data.ncon == 0


@pytest.mark.parametrize("kind", KINDS)
def test_shares_of_mass_add_up(kind: FixtureKind) -> None:
    model = compiled(Scene(table=Table(), fixtures=(fixture(kind),)))
    assert float(model.body("thing_part").mass[0]) == pytest.approx(FIXTURES[kind].mass)


def test_a_larger_drawer_opens_further() -> None:
    model = compiled(Scene(fixtures=(fixture("drawer", scale=1.5),)))
    assert model.joint("thing_joint").range[1] == pytest.approx(1.5 * FIXTURES["drawer"].limits[1])


def test_a_box_stands_where_the_scene_has_it() -> None:
    wall = StaticBox("wall", "white", (0.9, 0.9, 0.9), (0.1, 1.0, 2.0), (1.5, 0.2, 1.0), 0.5)
    model = compiled(Scene(boxes=(wall,)))
    assert model.body("wall").pos == pytest.approx(wall.position)
    assert model.geom_size[int(model.body("wall").geomadr[0])] == pytest.approx([0.05, 0.5, 1.0])
