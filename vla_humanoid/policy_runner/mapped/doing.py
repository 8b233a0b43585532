"""From the actions of a policy of another embodiment to ours."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.embodiment import rotations, values
from vla_humanoid.embodiment.frames import Frame
from vla_humanoid.embodiment.meaning import likelier_unit
from vla_humanoid.embodiment.rules import (
    PREVIOUS,
    Absent,
    Constant,
    Gripper,
    Position,
    Rotation,
    Rule,
    Scalar,
    Taken,
)
from vla_humanoid.embodiment.units import NORMALIZED
from vla_humanoid.embodiment.vectors import VectorMapping, is_step, rotation_of, sensed
from vla_humanoid.policy_runner.holding import HoldAction
from vla_humanoid.policy_runner.mapped.config import PolicyMapping
from vla_humanoid.policy_runner.mapped.resampling import Resampler
from vla_humanoid.policy_runner.policy import Action, PolicyError
from vla_humanoid.schema import FloatArray

Chunk = NDArray[np.float32]


class Doing:
    """Makes chunks of ours of a policy's.

    What is held stays as it was at the beginning of the episode.

    Args:
        mapping: says how.
    """

    def __init__(self, mapping: PolicyMapping) -> None:
        ours, answered = mapping.ours, mapping.answered
        self._spec, self._vector, self._answered = ours.action, mapping.action, answered
        self._state = VectorMapping("state", ours.state, {})
        self._resampler = Resampler(answered.rate, ours.rate, answered.resampling == "linear")
        self._holding = HoldAction(ours.action, ours.state)
        self.reset()

    def reset(self) -> None:
        """Begin an episode."""
        self._held: Action | None = None

    def made(self, raw: NDArray[np.generic], state: Action, previous: Action | None) -> Chunk:
        """Return a chunk of ours, normalized, shape (n, our action dim).

        Args:
            raw: the policy's, shape (horizon, its action dim).
            state: our observation's, when the policy was asked.
            previous: our latest action, normalized; None before the first.

        Raises:
            PolicyError: if there is no such chunk; the message names the entry.
        """
        self._check(raw)
        if self._held is None:
            self._held = self._holding.at(state)
        told = self._held if previous is None else previous
        context = _Context(
            raw, state.astype(np.float64), self._spec.to_physical(told.astype(np.float64))
        )
        chunk = np.tile(self._held, (self._resampler.length(len(raw)), 1))
        of_tools: list[tuple[str, Position, Frame]] = []
        for entry, rule in self._vector.rules.items():
            if isinstance(rule, Position) and rule.tool is not None:
                of_tools.append((entry, rule, rule.tool))
            elif not isinstance(rule, Absent):
                columns = list(self._vector.indices(entry))
                chunk[:, columns] = self._entry(entry, rule, columns, context)
        for entry, rule, tool in of_tools:  # Once it is known how the wrist is turned.
            columns = list(self._vector.indices(entry))
            chunk[:, columns] = self._wrist(entry, rule, tool, chunk, context)
        return chunk

    def _check(self, raw: NDArray[np.generic]) -> None:
        key, dim = self._answered.key, self._answered.dim
        if raw.ndim != 2 or raw.shape[1] != dim or not len(raw) or raw.dtype.kind not in "fiu":
            raise PolicyError(
                f"The policy's {key!r} are {raw.dtype} of shape {raw.shape}, where the mapping "
                f"says (horizon, {dim})."
            )
        finite = np.isfinite(raw.astype(np.float64)).all(axis=0)
        if not finite.all():
            raise PolicyError(f"The policy's {key}[{int(finite.argmin())}] is not finite.")

    def _entry(
        self, entry: str, rule: Taken | Constant, columns: list[int], context: "_Context"
    ) -> FloatArray | Chunk:
        """Return an entry's values, or the three of a group, normalized."""
        match rule:
            case Constant(value):
                return self._normalized(np.full((1, len(columns)), value), columns)
            case Scalar() if rule.unit == NORMALIZED:
                raw = context.raw[:, self._picks(rule)].astype(np.float32)
                if not self._resampler.changes:
                    return raw
                return self._resampler.targets(raw.astype(np.float64))
            case Gripper():
                found = values.gripped(rule, self._picked(rule, context))
                found = self._resampler.targets(found)
            case Scalar():
                changes = values.scaled(rule, self._picked(rule, context))
                found = self._numbers(entry, rule, changes, columns, context)
            case Position():
                changes = values.placed(rule, self._picked(rule, context))
                found = self._numbers(entry, rule, changes, columns, context)
            case Rotation():
                found = self._turns(entry, rule, columns, context)
        self._check_bounds(rule, found, columns)
        return self._normalized(found, columns)

    def _numbers(
        self,
        entry: str,
        rule: Scalar | Position,
        found: FloatArray,
        columns: list[int],
        context: "_Context",
    ) -> FloatArray:
        if is_step(entry):
            return self._resampler.steps(found)
        if rule.relative_to == PREVIOUS:
            low, high = self._spec.low[columns], self._spec.high[columns]
            found = _summed(found, context.told[columns], lambda at: np.clip(at, low, high))
        elif rule.relative_to is not None:
            found = found + self._sensed(rule.relative_to, context)
        return self._resampler.targets(found)

    def _turns(
        self, entry: str, rule: Rotation, columns: list[int], context: "_Context"
    ) -> FloatArray:
        try:
            turns = values.turned(rule, self._picked(rule, context))
        except ValueError as error:
            raise PolicyError(f"{self._answered.key}, for {entry}: {error}.") from error
        if is_step(entry):
            if rule.axes == "moving":
                current = rotations.quats_from(
                    self._sensed(str(rule.relative_to), context), "rotvec"
                )
                turns = rotations.multiplied(current, turns)
                turns = rotations.multiplied(turns, rotations.inverted(current))
            return rotations.rotvecs_from(self._resampler.turns(turns))
        if rule.relative_to == PREVIOUS:
            turns = _composed(rule, turns, context.told[columns])
        elif rule.relative_to is not None:
            current = rotations.quats_from(self._sensed(rule.relative_to, context), "rotvec")
            turns = values.turned_on(rule, turns, current)
        return rotations.rotvecs_from(self._resampler.rotations(turns))

    def _wrist(
        self, entry: str, rule: Position, tool: Frame, chunk: Chunk, context: "_Context"
    ) -> FloatArray:
        """Return where the wrist has to be for a tool to be at its place, normalized."""
        columns = list(self._vector.indices(entry))
        turned = list(self._vector.indices(rotation_of(entry)))
        places = values.placed(rule, self._picked(rule, context))
        if rule.relative_to == PREVIOUS:
            start = _tip(tool, context.told[None, columns], context.told[None, turned])
            places = start + np.cumsum(places, axis=0)
        elif rule.relative_to is not None:
            turn = self._sensed(rotation_of(rule.relative_to), context)
            places = places + _tip(tool, self._sensed(rule.relative_to, context), turn)
        places = self._resampler.targets(places)
        low, high = self._spec.low[turned], self._spec.high[turned]
        turns = low + 0.5 * (chunk[:, turned].astype(np.float64) + 1.0) * (high - low)
        found = places - values.reach(tool, rotations.quats_from(turns, "rotvec"))
        self._check_bounds(rule, found, columns)
        return self._normalized(found, columns)

    def _picks(self, rule: Taken) -> list[int]:
        return [self._answered.index(pick) for pick in rule.picks]

    def _picked(self, rule: Taken, context: "_Context") -> FloatArray:
        return context.raw[:, self._picks(rule)].astype(np.float64)

    def _sensed(self, name: str, context: "_Context") -> FloatArray:
        """Return what the robot felt when the policy was asked, shape (1, k)."""
        return context.state[None, list(sensed(name, self._state))]

    def _normalized(self, physical: FloatArray, columns: list[int]) -> FloatArray:
        low, high = self._spec.low[columns], self._spec.high[columns]
        return np.clip(2.0 * (physical - low) / (high - low) - 1.0, -1.0, 1.0)

    def _check_bounds(self, rule: Rule, found: FloatArray, columns: list[int]) -> None:
        """Refuse what lies beyond the bounds by more than their distance: no robot was meant."""
        if isinstance(rule, Scalar | Gripper | Position) and rule.clip:
            return
        for column, numbers in zip(columns, found.T, strict=True):
            field = self._spec.fields[column]
            low, high, range_ = float(numbers.min()), float(numbers.max()), field.high - field.low
            if low >= field.low - range_ and high <= field.high + range_:
                continue
            unit = rule.unit if isinstance(rule, Scalar | Position) else ""
            likelier = likelier_unit(field, unit, low, high)
            hint = f"the policy's unit looks like {likelier}" if likelier else "check its rule"
            raise PolicyError(
                f"{field.name} is to be {low:.4g}..{high:.4g} {field.unit}, far beyond "
                f"{field.low:.4g}..{field.high:.4g}; {hint}, or say clip = true."
            )


class _Context:
    """What a chunk is made of.

    Args:
        raw: the policy's actions.
        state: our observation's.
        told: our latest targets, in our units.
    """

    def __init__(self, raw: NDArray[np.generic], state: FloatArray, told: FloatArray) -> None:
        self.raw, self.state, self.told = raw, state, told


def _tip(tool: Frame, places: FloatArray, turns: FloatArray) -> FloatArray:
    """Return where a tool is of which the wrist is known, shape (n, 3)."""
    return places + values.reach(tool, rotations.quats_from(turns, "rotvec"))


def _summed(
    changes: FloatArray, start: FloatArray, within: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Return where changes lead, each from where the one before ended, shape (n, k)."""
    found, at = np.empty_like(changes), start
    for row, change in enumerate(changes):
        at = within(at + change)
        found[row] = at
    return found


def _composed(rule: Rotation, turns: FloatArray, start: FloatArray) -> FloatArray:
    """Return where turns lead, each from where the one before ended, quaternions (n, 4)."""
    found, at = np.empty_like(turns), rotations.quats_from(start[None], "rotvec")
    for row, turn in enumerate(turns):
        at = values.turned_on(rule, turn[None], at)
        found[row] = at[0]
    return found
