"""What is known about an episode in words and numbers."""

from dataclasses import dataclass

from vla_humanoid.schema import POLICY_RATE
from vla_humanoid.viewer.reading import Margins, Reading
from vla_humanoid.viewer.session import Session

CAPTIONS = (
    "State",
    "Instruction",
    "Sub-goal",
    "Result",
    "Time",
    "Latency",
    "DCM margin",
    "ZMP margin",
    "Balance",
    "Recording",
)
"""Of the lines, in order."""


@dataclass(frozen=True)
class Line:
    """One line of a report."""

    caption: str
    text: str


def report(session: Session, reading: Reading | None) -> tuple[Line, ...]:
    """Return a line for each of `CAPTIONS`; what is not known is "-"."""
    known = {"State": session.phase.value, "Recording": _recording(session)}
    if reading is not None:
        known |= _episode(reading)
    return tuple(Line(caption, known.get(caption, "-")) for caption in CAPTIONS)


def _recording(session: Session) -> str:
    if session.recording_path is None:
        return "off"
    count = session.recorded_episodes
    return f"{count} episode{'' if count == 1 else 's'} in {session.recording_path}"


def _episode(reading: Reading) -> dict[str, str]:
    margins = reading.margins
    return {
        "Instruction": reading.instruction,
        "Sub-goal": _subgoal(reading),
        "Result": "success" if reading.success else reading.failure or "open",
        "Time": f"{reading.world.time:.2f} s, step {reading.steps}",
        "Latency": _latency(reading),
        "DCM margin": f"{100.0 * margins.dcm:.1f} cm",
        "ZMP margin": f"{100.0 * margins.zmp:.1f} cm",
        "Balance": _balance(margins),
    }


def _subgoal(reading: Reading) -> str:
    count = len(reading.subgoals)
    if reading.subgoal >= count:
        return f"all {count} done"
    return f"{reading.subgoal + 1} of {count}: {reading.subgoals[reading.subgoal]}"


def _latency(reading: Reading) -> str:
    if reading.steps == 0:
        return "-"
    share = reading.step_time * POLICY_RATE
    pace = "" if share <= 1.0 else f", {1.0 / share:.2f} of real time"
    return f"policy {1e3 * reading.latency:.1f} ms, step {1e3 * reading.step_time:.1f} ms{pace}"


def _balance(margins: Margins) -> str:
    changes = ", ".join(f"{kind} {count}" for kind, count in margins.interventions.items() if count)
    state = "follows" if margins.fallback == "none" else f"{margins.fallback}: {margins.reason}"
    return f"{state} (changed: {changes})" if changes else state
