"""The same session on PhysX: a viewer outside of Kit may choose the engine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.tasks.stand_still import StandStill
from vla_humanoid.viewer.events import EpisodeBegan, Phase
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.settings import SessionSettings
from vla_humanoid.viewer.visual_world import VisualWorld

PHYSX = SessionSettings(task="StandStill", cameras=(), randomization=(), engine="physx")


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(PHYSX)
    yield session
    session.close()


def test_an_episode_is_stepped_and_read(session: Session) -> None:
    began: list[EpisodeBegan] = []
    session.subscribe(
        lambda event: began.append(event) if isinstance(event, EpisodeBegan) else None
    )
    session.reset()
    for _ in range(10):
        session.step()
    reading = session.reading
    assert reading is not None
    assert reading.world.time == pytest.approx(0.5)
    assert reading.margins.fallback == "none"
    assert reading.margins.dcm > 0.02
    # What is drawn with the engine's state has its links where the engine has them.
    poses = VisualWorld(began[0].episode.scene).poses(reading.world)
    for name, pose in reading.world.robot.links.items():
        np.testing.assert_allclose(poses[name].position, pose.position, atol=1e-4)


def test_changing_the_engine_makes_another_environment_of_the_same_episode(
    session: Session,
) -> None:
    places: list[np.ndarray] = []
    for engine in ("physx", "mujoco"):
        session.settings = replace(PHYSX, engine=engine)
        session.reset()
        assert session.reading is not None
        places.append(session.reading.world.robot.base.pose.position)
    np.testing.assert_allclose(places[0], places[1], atol=0.01)


def test_the_recorded_file_names_the_engine(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StandStill, "time_limit", 0.1)
    session.start_recording(tmp_path / "mine.hdf5")
    session.reset()
    session.step()
    session.step()
    assert session.phase is Phase.FAILED
    session.stop_recording()
    with open_dataset(tmp_path / "mine.hdf5") as dataset:
        kwargs = dataset.env_args["env_kwargs"]
        assert isinstance(kwargs, dict)
        assert kwargs["engine"] == "physx"
        assert "ovphysx" in dataset.json_object("versions")
