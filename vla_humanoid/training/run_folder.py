"""The folder of a run: what is in it, and whether it may be written to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.output_folder import check_folder
from vla_humanoid.training.request import require_same_run


@dataclass(frozen=True)
class RunFolder:
    """Paths in the folder of a run.

    Args:
        path: of the folder.
    """

    path: Path

    @property
    def config(self) -> Path:
        """What was asked for."""
        return self.path / "config.json"

    @property
    def state(self) -> Path:
        """All that is needed to go on."""
        return self.path / "resume" / "state.safetensors"

    @property
    def checkpoint(self) -> Path:
        """Folder of the latest model that can act."""
        return self.path / "checkpoint"

    @property
    def best(self) -> Path:
        """Folder of the best one."""
        return self.path / "best"

    @property
    def plots(self) -> Path:
        """Folder of pictures."""
        return self.path / "plots"

    @property
    def evaluations(self) -> Path:
        """Folder of what was found in closed loop."""
        return self.path / "evaluations"

    def begin(self, record: Mapping[str, object], resume: bool) -> None:
        """Make the folder, or check that the run in it is the one that is asked for.

        Args:
            record: all that determines the run.
            resume: whether to go on with one that is there.

        Raises:
            ConfigurationError: if there is one that must not be touched, or none to go on with.
        """
        if self.config.exists():
            if not resume:
                raise ConfigurationError(
                    f"{self.path} holds a run already; choose another --output, or go on with it: "
                    "--resume."
                )
            try:
                before = json.loads(self.config.read_text())
            except ValueError as error:
                raise ConfigurationError(f"{self.config} is damaged: {error}.") from error
            require_same_run(record, before, self.config)
            return
        if resume:
            raise ConfigurationError(f"{self.path} holds no run to go on with.")
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise ConfigurationError(f"{self.path} is not empty; choose another --output.")
        check_folder(self.path)
        self.path.mkdir(exist_ok=True)
        draft = self.config.with_suffix(".new")
        draft.write_text(json.dumps(record, indent=2) + "\n")
        draft.replace(self.config)
