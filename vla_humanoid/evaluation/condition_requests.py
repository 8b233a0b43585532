"""What a user asks to be otherwise in the episodes, checked."""

from collections.abc import Sequence

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.conditions import (
    DISTURBANCES,
    TEACHER,
    UNSEEN_AXES,
    WORDING,
    WORDINGS,
    Condition,
    perturbations,
)
from vla_humanoid.evaluation.recovery import can_drop
from vla_humanoid.evaluation.replayed import REPLAY
from vla_humanoid.tasks import load_task, task_names

PARAPHRASE = "paraphrase"
"""Of ``--words``: every wording in turn."""
BLIND = ("expert", "zero", "random")
"""Policies that neither see nor hear anything; recordings do not either."""
_UNSEEN = (
    "it changes what a policy sees or hears, and {policy} does neither; choose another policy, or "
    "other axes."
)
_LIVE = "with --live a policy is as late as it is; choose other axes, or leave out --live."


def condition_request(
    *,
    policy: str,
    tasks: Sequence[str],
    perturb: Sequence[str],
    induce: Sequence[str],
    words: str,
    accuracy: bool,
    live: bool = False,
) -> tuple[Condition, ...]:
    """Return the conditions under which every episode is to be run once more.

    Args:
        policy: what is evaluated.
        tasks: their names.
        perturb: axes of perturbation, each with a level or with all of them; or "all".
        induce: some of `DISTURBANCES`.
        words: what the policy is told; `PARAPHRASE` for every wording in turn.
        accuracy: whether its actions are to be compared with the expert's.
        live: whether simulated time runs against the wall clock.

    Raises:
        ConfigurationError: naming the argument and what is valid.
    """
    is_blind = policy in BLIND or policy.startswith(REPLAY)
    unseen = UNSEEN_AXES if is_blind else ()
    useless: dict[str, str] = {axis: _UNSEEN.format(policy=policy) for axis in unseen}
    if live:
        useless["latency"] = _LIVE
    conditions = list(perturbations(perturb, useless))
    if words == PARAPHRASE:
        if is_blind:
            raise ConfigurationError(
                f"The policy {policy} does not listen, so no wording changes what it does."
            )
        conditions += [Condition(WORDING, number) for number in range(1, WORDINGS + 1)]
    conditions += [Condition(kind) for kind in _disturbances(induce, tasks)]
    if accuracy:
        if policy == "expert":
            raise ConfigurationError("The expert's actions are its own; choose another policy.")
        conditions.append(Condition(TEACHER))
    return tuple(conditions)


def _disturbances(kinds: Sequence[str], tasks: Sequence[str]) -> list[str]:
    if unknown := sorted(set(kinds) - set(DISTURBANCES)):
        raise ConfigurationError(
            f"Unknown --induce {', '.join(unknown)}; choose some of {', '.join(DISTURBANCES)}."
        )
    if "drop" in kinds:
        unfit = [name for name in tasks if not can_drop(load_task(name))]
        if unfit:
            fit = [name for name in task_names() if can_drop(load_task(name))]
            raise ConfigurationError(
                f"No hand grasps anything in {', '.join(unfit)}, so nothing can be dropped; "
                f"choose some of {', '.join(fit)}."
            )
    return [kind for kind in DISTURBANCES if kind in kinds]
