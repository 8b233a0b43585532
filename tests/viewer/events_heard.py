"""What tests of the viewer share: a clock that obeys, and an ear for events."""

from dataclasses import dataclass, field

from vla_humanoid.viewer.events import Event
from vla_humanoid.viewer.session import Session
from vla_humanoid.viewer.settings import SessionSettings

QUICK = SessionSettings(task="StandStill", cameras=(), randomization=())
"""The task whose steps take least time."""


@dataclass
class ManualClock:
    """Stands still until it is told."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Ear:
    """Remembers every event."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


def run_to_end(session: Session, clock: ManualClock) -> None:
    """Run the episode of a session that waits, as if by a timer."""
    session.run()
    while session.phase.value == "running":
        clock.now += 0.05
        session.tick()
