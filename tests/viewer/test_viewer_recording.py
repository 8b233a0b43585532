from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from events_heard import QUICK, Ear, ManualClock, run_to_end

from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.replay import replay
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.stand_still import StandStill
from vla_humanoid.viewer.errors import CommandRefused, RecordingError
from vla_humanoid.viewer.events import EpisodeBegan, EpisodeSaved, Phase, Told
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.settings import SessionSettings

WITH_IMAGES = replace(QUICK, cameras=("head",), image_size=24)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def session(clock: ManualClock) -> Iterator[Session]:
    session = Session(QUICK, clock=clock)
    yield session
    session.close()


def test_recorded_episodes_are_a_dataset_that_replays(clock: ManualClock, tmp_path: Path) -> None:
    path = tmp_path / "mine.hdf5"
    session = Session(WITH_IMAGES, clock=clock)
    ear = Ear()
    session.subscribe(ear)
    session.start_recording(path)
    session.settings = replace(WITH_IMAGES, seed=4)
    session.reset()
    run_to_end(session, clock)
    assert session.recorded_episodes == 1
    with open_dataset(path) as dataset:  # Readable while recording goes on.
        assert dataset.demo_names() == ("demo_0",)
        assert not dataset.complete
    session.close()
    saved = [event for event in ear.events if isinstance(event, EpisodeSaved)]
    assert saved == [EpisodeSaved(path, "demo_0", True)]
    assert not PartsFolder(path).exists()
    with open_dataset(path) as dataset:
        assert dataset.complete
        assert dataset.env_args["env_name"] == "VLAHumanoid-StandStill-v0"
        demo = dataset.demo("demo_0")
        assert demo.seed == 4
        assert demo.steps == 200
        assert demo.image("head", 100).shape == (24, 24, 3)
        assert demo.goal_index is None
        (result,) = replay(dataset)
        assert result.success
        assert result.largest.value == 0.0


def test_a_goal_in_the_users_words_is_kept_and_repeated(clock: ManualClock, tmp_path: Path) -> None:
    path = tmp_path / "told.hdf5"
    settings = SessionSettings(task="TurnToFace", cameras=(), randomization=(), seed=3)
    session, ear = Session(settings, clock=clock), Ear()
    session.reset()
    assert session.reading is not None
    own = session.reading.instruction
    session.subscribe(ear)
    session.settings = replace(settings, sentence="face the pink thing")
    session.start_recording(path)  # It waits for its first step, so it begins anew.
    assert session.reading.instruction != own
    began = next(event for event in ear.events if isinstance(event, EpisodeBegan)).episode
    run_to_end(session, clock)
    assert session.phase is Phase.DONE
    session.stop_recording()
    with open_dataset(path) as dataset:
        demo = dataset.demo("demo_0")
        assert demo.text("instruction") == "face the pink thing"
        assert "pink" in demo.json_texts("subgoals")[0]
        task = load_task("TurnToFace")
        for text in demo.json_texts("paraphrases"):
            assert task.understand(text, began.scene) == began.goal
        assert demo.goal_index is not None
        (result,) = replay(dataset)
        assert result.success
        assert result.largest.value == 0.0
    session.close()


@pytest.fixture
def short_episodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Episodes end by timeout after half a second."""
    monkeypatch.setattr(StandStill, "time_limit", 0.5)


@pytest.mark.usefixtures("short_episodes")
def test_failures_are_recorded_as_failures(clock: ManualClock, tmp_path: Path) -> None:
    path = tmp_path / "failed.hdf5"
    session = Session(QUICK, clock=clock)
    session.start_recording(path)
    for seed in (4, 2):
        session.settings = replace(QUICK, seed=seed)
        session.reset()
        run_to_end(session, clock)
        assert session.phase is Phase.FAILED
    session.close()
    with open_dataset(path) as dataset:
        assert [demo.seed for demo in dataset.demos()] == [4, 2]
        assert [demo.success for demo in dataset.demos()] == [False, False]
        assert dataset.demo("demo_0").text("failure") == "timeout"
        assert dataset.json_object("failures") == {"timeout": 2}


def test_an_episode_is_recorded_whole_or_not_at_all(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "part.hdf5"
    ear = Ear()
    session.reset()
    session.step()
    session.subscribe(ear)
    session.start_recording(path)
    assert ear.events == [
        Told("Recording begins with the next Reset; an episode is recorded whole.")
    ]
    session.reset()
    session.step()
    session.reset()
    assert "left before its end" in str(ear.events)
    session.step()
    session.stop_recording()
    assert session.phase is Phase.PAUSED  # It goes on, only unrecorded.
    assert ear.events[-1] == Told(f"No episode was recorded into {path}.")
    assert list(tmp_path.iterdir()) == []


def test_one_file_holds_episodes_of_one_kind(session: Session, tmp_path: Path) -> None:
    session.start_recording(tmp_path / "one.hdf5")
    session.reset()
    session.settings = replace(QUICK, randomization=("lighting",))
    with pytest.raises(RecordingError, match=r"randomization = \[\].*\['lighting'\]"):
        session.reset()
    session.settings = replace(QUICK, seed=9)
    session.reset()
    assert session.phase is Phase.READY


@pytest.mark.usefixtures("short_episodes")
def test_what_a_crash_left_is_taken_up(clock: ManualClock, tmp_path: Path) -> None:
    path = tmp_path / "crashed.hdf5"
    short = replace(QUICK, seed=1)
    crashed = Session(short, clock=clock)
    crashed.start_recording(path)
    crashed.reset()
    run_to_end(crashed, clock)
    assert crashed._file is not None
    crashed._file._parts.close()  # What the kernel does with the lock of a process that is gone.

    other = Session(replace(QUICK, task="TurnToFace"), clock=clock)
    other.start_recording(path)
    with pytest.raises(RecordingError, match="task = StandStill, but now it is TurnToFace; name"):
        other.reset()
    assert other.recording_path is None

    after = Session(short, clock=clock)
    after.start_recording(path)
    after.reset()
    assert after.recorded_episodes == 1
    run_to_end(after, clock)
    after.close()
    with open_dataset(path) as dataset:
        assert [demo.integer("attempt") for demo in dataset.demos()] == [0, 1]


def test_two_sessions_do_not_share_a_file(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "shared.hdf5"
    session.start_recording(path)
    session.reset()
    other = Session(QUICK)
    other.start_recording(path)
    with pytest.raises(RecordingError, match="Another process"):
        other.reset()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("there.hdf5", "exists already and stays as it is"),
        ("no/such/folder/demos.hdf5", "does not exist"),
        ("demos", "must end in .hdf5"),
    ],
)
def test_files_that_cannot_be_written_are_refused_at_once(
    session: Session, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "there.hdf5").write_text("precious")
    with pytest.raises(RecordingError, match=reason):
        session.start_recording(tmp_path / name)
    assert session.recording_path is None
    assert (tmp_path / "there.hdf5").read_text() == "precious"


def test_recording_is_started_and_stopped_once(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CommandRefused):
        session.stop_recording()
    session.start_recording(tmp_path / "demos.hdf5")
    with pytest.raises(CommandRefused):
        session.start_recording(tmp_path / "others.hdf5")
