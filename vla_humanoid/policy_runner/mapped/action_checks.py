"""Whether a policy can be obeyed as its mapping says."""

from vla_humanoid.embodiment.faults import Faults
from vla_humanoid.embodiment.meaning import check_meaning
from vla_humanoid.embodiment.rules import (
    PREVIOUS,
    ROTATION,
    Absent,
    Gripper,
    Position,
    Rotation,
    Scalar,
    Taken,
)
from vla_humanoid.embodiment.units import NORMALIZED
from vla_humanoid.embodiment.vectors import (
    VectorMapping,
    ending_of,
    groups_among,
    is_step,
    sensed,
)
from vla_humanoid.policy_runner.mapped.config import Answered, ThisRobot


def check_action(
    vector: VectorMapping, answered: Answered, robot: ThisRobot, faults: Faults
) -> None:
    """Note every rule that asks for what the policy does not answer, or makes no sense.

    Args:
        vector: the rules, by our entry.
        answered: what the policy's answers are.
        robot: our side.
        faults: where to note it.
    """
    for entry, rule in vector.rules.items():
        if isinstance(rule, Absent):
            continue
        if not isinstance(rule, Taken):
            _check_constant(vector, entry, rule.value, faults)
            continue
        _check_picks(entry, rule, answered, faults)
        check_meaning(vector, entry, rule, faults)
        if not isinstance(rule, Gripper):
            _check_start(vector, entry, rule.relative_to, robot, faults)
        if is_step(entry):
            _check_step(entry, rule, answered, robot, faults)
    _check_rotations(vector, faults)


def _check_constant(vector: VectorMapping, entry: str, value: float, faults: Faults) -> None:
    for index in vector.indices(entry):
        field = vector.fields[index]
        if not field.low <= value <= field.high:
            faults.add(
                f"action {entry}: the constant {value:g} is not within {field.low:g}.."
                f"{field.high:g} {field.unit}; give one that is."
            )


def _check_picks(entry: str, rule: Taken, answered: Answered, faults: Faults) -> None:
    where = f"action {entry}"
    if rule.feature != answered.key:
        faults.add(f"{where}: the policy answers with {answered.key!r} alone; leave 'feature' out.")
    for pick in rule.picks:
        if isinstance(pick, str) and pick not in answered.names:
            listed = (
                ", ".join(map(repr, answered.names)) or "none; give an index, or [action] names"
            )
            faults.add(f"{where}: the policy's action has no {pick!r}; its names are {listed}.")
        if isinstance(pick, int) and pick >= answered.dim:
            faults.add(
                f"{where}: index {pick} is beyond the {answered.dim} entries of the policy's "
                "action."
            )


def _check_start(
    vector: VectorMapping, entry: str, start: str | None, robot: ThisRobot, faults: Faults
) -> None:
    """Note a change of what the state does not tell."""
    if start is None or start == PREVIOUS:
        return
    try:
        found = sensed(start, VectorMapping("state", robot.state, {}))
    except ValueError as error:
        faults.add(
            f"action {entry}: it cannot be relative, since {error}; say relative = "
            f'"{PREVIOUS}", or name an entry of our state.'
        )
        return
    ours = [vector.fields[index].unit for index in vector.indices(entry)]
    if ours != [robot.state[index].unit for index in found]:
        faults.add(f"action {entry}: it cannot be relative to {start!r}, which has another unit.")


def _check_step(
    entry: str, rule: Taken, answered: Answered, robot: ThisRobot, faults: Faults
) -> None:
    if isinstance(rule, Position) and rule.tool is not None:
        faults.add(
            f"action {entry}: steps are those of our wrist; leave 'tool' out, or say "
            'control_mode = "end_effector".'
        )
    if isinstance(rule, Scalar) and rule.unit == NORMALIZED:
        if answered.rate != robot.rate:
            faults.add(
                f"action {entry}: normalized steps cannot be had at another rate; give their unit."
            )
    elif isinstance(rule, Gripper) or rule.relative_to is None:
        faults.add(
            f"action {entry} is a step of ours; where the policy's are steps, say relative = true, "
            'and where they are targets, control_mode = "end_effector".'
        )
    elif isinstance(rule, Rotation) and rule.axes == "moving" and rule.relative_to == PREVIOUS:
        faults.add(
            f"action {entry}: turns about moving axes are relative to the state here; say "
            "relative = true."
        )


def _check_rotations(vector: VectorMapping, faults: Faults) -> None:
    """Note rotations of which a part is mapped, or changes of which are added up by axis."""
    for group, parts in groups_among(vector.fields).items():
        if ending_of(group) != ROTATION or group in vector.rules:
            continue
        rules = [rule for part in parts if isinstance(rule := vector.rules.get(part), Scalar)]
        hint = f"map {group} = {{ indices = [...], layout = ... }}"
        if 0 < len(rules) < len(parts):
            faults.add(f"action {group} is not complete: only some of its entries move; {hint}.")
        elif not is_step(group) and any(rule.relative_to is not None for rule in rules):
            faults.add(f"action {group}: turns do not add up axis by axis; {hint}.")
