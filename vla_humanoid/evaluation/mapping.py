"""The mapping of a policy of another embodiment, from its file to what every process evaluates."""

import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table as Printed
from rich.text import Text

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.embodiment.faults import MappingError
from vla_humanoid.embodiment.table import Table, read_values
from vla_humanoid.evaluation.config import MAPPING, EvaluationConfig
from vla_humanoid.policy_runner.mapped.config import PolicyMapping, ThisRobot
from vla_humanoid.policy_runner.mapped.reading import read_policy_mapping
from vla_humanoid.policy_runner.mapped.rows import action_rows, observation_rows, summary
from vla_humanoid.schema import CAMERAS, CONTROL_MODES, POLICY_RATE, action_spec, state_fields

ADDRESSES = ("ws://", "wss://")
"""How the addresses of servers begin."""


def with_mapping(config: EvaluationConfig, path: Path | None) -> EvaluationConfig:
    """Return a configuration with the mapping of a file in it, if there is one.

    Args:
        config: of an evaluation.
        path: of the mapping, TOML or JSON.

    Raises:
        ConfigurationError: if the policy needs none, or the mapping makes no sense; the message
            lists every fault.
    """
    if path is None:
        return config
    if not config.policy.startswith(ADDRESSES):
        raise ConfigurationError(
            f"--mapping is for policies of other embodiments, on a server: {config.policy!r} is "
            "one of this robot; leave --mapping out."
        )
    try:
        values = read_values(path)
        read_policy_mapping(Table(values, str(path)), this_robot())
    except MappingError as error:
        raise ConfigurationError(str(error)) from error
    return replace(config, mapping=json.dumps(values))


def mapping_of(config: EvaluationConfig) -> PolicyMapping | None:
    """Return the mapping of an evaluation; None if it needs none.

    Raises:
        ConfigurationError: if it makes no sense.
    """
    if not config.mapping:
        return None
    try:
        return read_policy_mapping(Table(json.loads(config.mapping), MAPPING), this_robot())
    except MappingError as error:
        raise ConfigurationError(str(error)) from error


def this_robot() -> ThisRobot:
    """Return our side of every mapping."""
    return ThisRobot(
        {mode: action_spec(mode, JOINT_RANGES) for mode in CONTROL_MODES},
        state_fields(JOINT_NAMES),
        CAMERAS,
        float(POLICY_RATE),
    )


def keep_mapping(config: EvaluationConfig, output: Path) -> None:
    """Write the mapping of an evaluation beside its results, to be evaluated with again."""
    if config.mapping:
        output.mkdir(parents=True, exist_ok=True)
        content = json.dumps(json.loads(config.mapping), indent=2, ensure_ascii=False)
        (output / MAPPING).write_text(content + "\n", encoding="utf-8")


def print_mapping(console: Console, mapping: PolicyMapping) -> None:
    """Print what becomes what, entry by entry."""
    seen = Printed("the policy's observation", "from ours", "as")
    for row in observation_rows(mapping):
        seen.add_row(*map(Text, (row.becomes, row.source, row.note)))
    done = Printed("our action", "from the policy's", "within")
    for row in action_rows(mapping):
        done.add_row(*map(Text, (row.becomes, row.source, row.note)))
    for printed in (seen, done):
        console.print(printed)
    console.print(summary(mapping), soft_wrap=True, markup=False, highlight=False)
