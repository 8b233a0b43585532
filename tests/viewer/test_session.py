from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from events_heard import QUICK, Ear, ManualClock, run_to_end
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from vla_humanoid.assets.usd import requirements
from vla_humanoid.data_collection.environment import DemonstrationEnv, make_env
from vla_humanoid.sims.graphics import GraphicsUnavailable
from vla_humanoid.viewer.errors import (
    CommandRefused,
    EpisodeUnavailable,
    InvalidSetting,
    PolicyUnavailable,
)
from vla_humanoid.viewer.events import Command, EpisodeBegan, Event, MomentRead, Phase, PhaseChanged
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.settings import SessionSettings


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def session(clock: ManualClock) -> Iterator[Session]:
    session = Session(QUICK, clock=clock)
    yield session
    session.close()


def test_there_is_nothing_to_see_before_the_first_reset(session: Session) -> None:
    assert session.phase is Phase.IDLE
    assert session.reading is None
    assert session.allowed == {Command.RESET, Command.RECORD}


def test_a_reset_begins_the_episode_of_the_settings(session: Session) -> None:
    ear = Ear()
    session.subscribe(ear)
    session.settings = replace(QUICK, seed=7)
    session.reset()
    assert session.phase is Phase.READY
    assert ear.kinds() == ["EpisodeBegan", "PhaseChanged", "MomentRead"]
    began = ear.events[0]
    assert isinstance(began, EpisodeBegan)
    assert began.episode.seed == 7
    reading = session.reading
    assert reading is not None
    assert reading.steps == 0
    assert reading.instruction == began.episode.instruction.text
    assert reading.subgoals == ("keep standing",)


def test_a_step_moves_the_world_by_a_policy_period_and_pauses(session: Session) -> None:
    session.reset()
    session.step()
    session.step()
    assert session.phase is Phase.PAUSED
    reading = session.reading
    assert reading is not None
    assert reading.steps == 2
    assert reading.world.time == pytest.approx(0.1)
    assert {"left wrist target", "right wrist target"} <= {d.name for d in reading.drawings}


def test_a_running_episode_keeps_real_time(session: Session, clock: ManualClock) -> None:
    session.reset()
    session.run()
    for _ in range(100):  # A viewer that draws 100 times a second, for a second.
        session.tick()
        clock.now += 0.01
    reading = session.reading
    assert reading is not None
    assert reading.steps == 20


def test_after_a_delay_it_goes_on_without_a_burst(session: Session, clock: ManualClock) -> None:
    session.reset()
    session.run()
    clock.now += 5.0
    session.tick()
    session.tick()
    session.tick()
    assert session.reading is not None
    assert session.reading.steps == 2


def test_only_a_running_episode_ticks(session: Session, clock: ManualClock) -> None:
    session.tick()
    session.reset()
    clock.now += 1.0
    session.tick()
    session.run()
    session.pause()
    clock.now += 1.0
    session.tick()
    assert session.reading is not None
    assert session.reading.steps == 0


def test_an_episode_runs_to_its_end(session: Session, clock: ManualClock) -> None:
    session.reset()
    run_to_end(session, clock)
    reading = session.reading
    assert session.phase is Phase.DONE
    assert reading is not None
    assert reading.success
    assert reading.steps == 200
    assert reading.subgoal == 1
    with pytest.raises(CommandRefused, match="Press Reset"):
        session.run()
    session.reset()
    assert session.phase is Phase.READY


def test_the_same_seed_gives_the_same_episode(session: Session) -> None:
    positions = []
    for _ in range(2):
        session.reset()
        for _ in range(5):
            session.step()
        assert session.reading is not None
        positions.append(session.reading.world.robot.joint_positions)
    np.testing.assert_array_equal(positions[0], positions[1])


def test_the_environment_is_made_again_only_where_it_must_be() -> None:
    made: list[tuple[str, Mapping[str, object]]] = []

    def make(name: str, arguments: Mapping[str, object]) -> DemonstrationEnv:
        made.append((name, arguments))
        return make_env(name, arguments)

    session = Session(QUICK, make=make)
    session.reset()
    session.settings = replace(QUICK, seed=3, sentence="stand still")
    session.reset()
    assert len(made) == 1
    session.settings = replace(QUICK, randomization=("lighting",))
    session.reset()
    assert [arguments["randomization"] for _, arguments in made] == ["none", ("lighting",)]
    session.close()


def test_a_listener_can_leave(session: Session) -> None:
    ear = Ear()
    leave = session.subscribe(ear)
    session.reset()
    heard = len(ear.events)
    leave()
    session.step()
    assert len(ear.events) == heard


def test_images_are_shown() -> None:
    session = Session(replace(QUICK, cameras=("head", "external"), image_size=32))
    session.reset()
    assert session.reading is not None
    images = session.reading.images
    assert set(images) == {"head", "external"}
    assert all(image.shape == (32, 32, 3) and image.std() > 1.0 for image in images.values())
    session.close()


SENTENCES = SessionSettings(task="PickPlace", cameras=(), seed=5)


def test_a_sentence_chooses_the_goal_within_the_same_scene() -> None:
    session = Session(SENTENCES)
    ear = Ear()
    session.subscribe(ear)
    session.reset()
    own = next(event for event in ear.events if isinstance(event, EpisodeBegan)).episode
    session.settings = replace(SENTENCES, sentence="dance a waltz")
    with pytest.raises(InvalidSetting, match="Say:") as refused:
        session.reset()
    assert session.phase is Phase.IDLE
    said = str(refused.value).partition("Say: ")[2].removesuffix(".").split("; ")
    assert len(said) > 1
    goals = set()
    for sentence in said:
        session.settings = replace(SENTENCES, sentence=sentence.upper())
        session.reset()
        began = [event for event in ear.events if isinstance(event, EpisodeBegan)][-1].episode
        assert began.scene == own.scene
        goals.add(began.goal)
        assert session.reading is not None
        assert session.reading.instruction == sentence.upper()
    assert len(goals) == len(said)
    session.close()


@pytest.mark.parametrize(
    ("policy", "location", "reason"),
    [
        ("checkpoint", "", "write the path"),
        ("checkpoint", "/no/such/checkpoint", "There is no checkpoint /no/such/checkpoint"),
        ("checkpoint", str(Path(__file__).parent), "A checkpoint is a folder with"),
        ("server", "", "HOST:PORT"),
        ("server", "localhost:99999", "HOST:PORT"),
        ("server", "localhost:9", "cannot be reached"),
    ],
)
def test_policies_that_are_not_there_say_so(
    session: Session, policy: str, location: str, reason: str
) -> None:
    session.settings = replace(QUICK, policy=policy, location=location)
    with pytest.raises((PolicyUnavailable, InvalidSetting), match=reason) as refused:
        session.reset()
    # What the user can mend is a wrong field.
    away = "folder with" in reason or "reached" in reason
    assert isinstance(refused.value, InvalidSetting) != away
    assert session.phase is Phase.IDLE
    session.settings = QUICK
    session.reset()
    assert session.phase is Phase.READY


def test_an_environment_that_does_not_start_is_explained() -> None:
    def make(name: str, arguments: Mapping[str, object]) -> DemonstrationEnv:
        raise GraphicsUnavailable("libEGL.so.1 is missing")

    session = Session(QUICK, make=make)
    with pytest.raises(EpisodeUnavailable, match=r"does not start: libEGL\.so\.1 is missing"):
        session.reset()
    assert session.phase is Phase.IDLE
    session.close()


def test_an_engine_that_is_not_installed_comes_with_its_command(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = ("ovphysx", "isaaclab", "vla-humanoid")
    monkeypatch.setattr(requirements, "is_installed", lambda name: name not in absent)
    session.settings = replace(QUICK, engine="physx")
    with pytest.raises(EpisodeUnavailable, match=r"does not start.*pip install 'vla-humanoid\[phy"):
        session.reset()
    assert session.phase is Phase.IDLE
    session.settings = QUICK
    session.reset()
    assert session.phase is Phase.READY


def test_physx_is_refused_beside_kit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "omni.kit.app", object())
    session.settings = replace(QUICK, engine="physx")
    with pytest.raises(EpisodeUnavailable, match="Choose the engine mujoco"):
        session.reset()


def test_an_error_that_nobody_foresaw_is_met_once(
    session: Session, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.reset()
    session.run()
    env = session._env  # The only way to break it.
    assert env is not None
    monkeypatch.setattr(env, "step", lambda action: 1 / 0)
    clock.now += 1.0
    with pytest.raises(ZeroDivisionError):
        session.tick()
    assert session.phase is Phase.FAILED
    clock.now += 1.0
    session.tick()


def test_a_listener_that_breaks_stops_the_episode(session: Session, clock: ManualClock) -> None:
    def break_down(event: Event) -> None:
        if isinstance(event, MomentRead):
            raise KeyError("no such prim")

    session.reset()
    session.subscribe(break_down)
    session.run()
    clock.now += 1.0
    with pytest.raises(KeyError):
        session.tick()
    assert session.phase is Phase.FAILED
    session.tick()


class SessionMachine(RuleBasedStateMachine):
    """Presses buttons in any order: what is allowed works, what is not is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.session = Session(QUICK, clock=self.clock)
        self.phases = [self.session.phase]
        self.session.subscribe(
            lambda event: (
                self.phases.append(event.phase) if isinstance(event, PhaseChanged) else None
            )
        )

    @rule(command=st.sampled_from([Command.STEP, Command.RUN, Command.PAUSE]))
    def press(self, command: Command) -> None:
        action: Callable[[], None] = getattr(self.session, command.value.lower())
        before = self.session.phase
        if command in self.session.allowed:
            action()
        else:
            with pytest.raises(CommandRefused):
                action()
            assert self.session.phase is before

    @rule(seed=st.integers(0, 2))
    def reset(self, seed: int) -> None:
        self.session.settings = replace(QUICK, seed=seed)
        self.session.reset()
        assert self.session.phase is Phase.READY
        assert self.session.reading is not None
        assert self.session.reading.steps == 0

    @precondition(lambda self: self.session.phase is Phase.RUNNING)
    @rule(seconds=st.floats(0.0, 0.2))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds
        self.session.tick()

    def teardown(self) -> None:
        assert (self.session.reading is None) == (self.session.phase is Phase.IDLE)
        # A phase is told once, when it changes, and never told wrong.
        assert all(a is not b for a, b in zip(self.phases, self.phases[1:], strict=False))
        assert self.phases[-1] is self.session.phase
        self.session.close()
        assert self.session.phase is Phase.IDLE


def test_no_order_of_commands_confuses_a_session() -> None:
    quick = hypothesis_settings(max_examples=15, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(SessionMachine, settings=quick)


def test_a_reading_is_told_after_every_step(session: Session) -> None:
    session.reset()
    ear = Ear()
    session.subscribe(ear)
    session.step()
    readings = [event.reading for event in ear.events if isinstance(event, MomentRead)]
    assert [reading.steps for reading in readings] == [1]
    assert readings[0].margins.fallback == "none"
    assert 0.0 < readings[0].margins.dcm < 0.2
    assert 0.0 < readings[0].margins.zmp < 0.2
