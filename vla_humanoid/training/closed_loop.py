"""Lets a checkpoint act, in processes of its own, while training waits."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import GenerationError
from vla_humanoid.evaluation.config import EvaluationConfig

FIRST_SEED = 1_900_000
"""Of every task. Final evaluations begin elsewhere: no model is to be chosen by their episodes."""
_LOOK_EVERY = 0.2
"""Seconds between looks at the processes."""


@dataclass(frozen=True)
class ClosedLoop:
    """What is evaluated every time.

    Args:
        config: of the evaluation.
        tasks: names.
        episodes: of each.
        workers: processes.
    """

    config: EvaluationConfig
    tasks: Sequence[str]
    episodes: int
    workers: int

    def run(self, output: Path, stop: Callable[[], bool]) -> Mapping[str, float] | None:
        """Return rates of success and of following the sentence, over all and by task.

        Args:
            output: file that what was found is written to, episode by episode.
            stop: asked now and then whether to give up; then the answer is None.

        Raises:
            GenerationError: if the evaluation failed; the message says why.
        """
        output.parent.mkdir(exist_ok=True)
        log = output.with_suffix(".log")
        told = json.dumps([self.config.to_json(), list(self.tasks), self.episodes, self.workers])
        command = [sys.executable, "-m", "vla_humanoid.training.closed_loop_process"]
        with log.open("w") as printed:
            child = subprocess.Popen(
                [*command, told, str(FIRST_SEED), str(output)],
                stdout=printed,
                stderr=subprocess.STDOUT,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                start_new_session=True,  # Ctrl-C is for this process alone.
            )
            try:
                ended = _wait(child, stop)
            finally:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()
        if not ended:
            return None
        if child.returncode:
            last = log.read_text().strip().splitlines()[-1:] or ["it said nothing"]
            raise GenerationError(f"The evaluation in closed loop failed: {last[0]}; see {log}.")
        return json.loads(output.read_text())["rates"]


def _wait(child: "subprocess.Popen[bytes]", stop: Callable[[], bool]) -> bool:
    """Return whether a process ended by itself."""
    while not stop():
        try:
            child.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
        return True
    return False


def conditions(file: Path, policy: Path) -> EvaluationConfig:
    """Return an evaluation under the conditions that a dataset was made under.

    Args:
        file: the dataset; an imported one tells of none, and has the usual ones.
        policy: folder of the checkpoint.
    """
    with open_dataset(file) as dataset:
        made = dataset.env_args.get("env_kwargs")
    told = made if isinstance(made, dict) else {}
    usual = EvaluationConfig(str(policy))
    return EvaluationConfig(
        str(policy),
        control_mode=str(told.get("control_mode", usual.control_mode)),
        randomization=_names(told.get("randomization"), usual.randomization),
        language=_names(told.get("language"), usual.language),
        split=str(told.get("split", usual.split)),
    )


def _names(told: object, usual: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) else usual
