"""Carries all checks of a dataset file out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from vla_humanoid.data_collection.editing.source import Source, open_source
from vla_humanoid.data_collection.errors import ConfigurationError, DatasetError
from vla_humanoid.data_collection.quality.alignment import AlignmentCheck
from vla_humanoid.data_collection.quality.check import Check, Examined, NotChecked
from vla_humanoid.data_collection.quality.checksums import ChecksumCheck
from vla_humanoid.data_collection.quality.duplicates import DuplicateCheck
from vla_humanoid.data_collection.quality.finding import CheckResult, Finding, Report
from vla_humanoid.data_collection.quality.images import ImageCheck
from vla_humanoid.data_collection.quality.language import LanguageCheck
from vla_humanoid.data_collection.quality.outcome import OutcomeCheck
from vla_humanoid.data_collection.quality.outliers import OutlierCheck
from vla_humanoid.data_collection.quality.probing import probe
from vla_humanoid.data_collection.quality.resimulation import ResimulationCheck
from vla_humanoid.data_collection.quality.schema import SchemaCheck, file_findings

SAMPLE = 3
"""Episodes that are simulated and rendered again, unless another number is asked for."""


def all_checks() -> tuple[Check, ...]:
    """Return every check, new, in the order in which they are reported."""
    return (
        SchemaCheck(),
        ChecksumCheck(),
        LanguageCheck(),
        OutcomeCheck(),
        AlignmentCheck(),
        ResimulationCheck(),
        ImageCheck(),
        DuplicateCheck(),
        OutlierCheck(),
    )


def validate(path: Path, sample: int = SAMPLE, checks: Sequence[Check] | None = None) -> Report:
    """Check a dataset file, one episode after another.

    Args:
        path: of the file.
        sample: how many episodes are simulated and rendered again, drawn from all of them, always
            the same for the same number.
        checks: which; all if there are none given.

    Raises:
        ConfigurationError: if the sample is negative.
        DatasetError: if it is not a dataset at all.
        GraphicsUnavailable: if images are to be rendered and cannot be.
    """
    if sample < 0:
        raise ConfigurationError(f"--sample must not be negative, but is {sample}.")
    probe(path)
    tallies = [_Tally(check) for check in (all_checks() if checks is None else checks)]
    with open_source(path) as source:
        names = source.dataset.demo_names()
        drawn = np.random.default_rng(0).permutation(len(names))[:sample]
        sampled = {names[int(index)] for index in drawn}
        overall = list(_whole(source))
        for name in names:
            _examine(source, name, tallies, costly=name in sampled)
    for tally in tallies:
        tally.findings += tally.check.conclude()
    results = [tally.result for tally in tallies]
    file_result = CheckResult("file", len(names), overall)
    return Report(path, len(names), (file_result, *results))


class _Tally:
    """A check, and what it has come to so far."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.findings: list[Finding] = []
        self._examined = 0
        self._skipped: dict[str, str] = {}

    def take(self, episode: Examined) -> bool:
        """Make the check of an episode; return whether it could be read."""
        name = episode.demo.name
        if self.check.needs_states and episode.demo.is_imported:
            self._skipped[name] = "imported: it has neither states nor a seed to simulate from"
            return True
        try:
            for found in self.check.examine(episode):
                self.findings.append(Finding(found.message, found.severity, name))
        except NotChecked as reason:
            self._skipped[name] = str(reason)
            return True
        except DatasetError as error:
            self._examined += 1
            self.findings.append(Finding(str(error), "error", name))
            return False
        self._examined += 1
        return True

    @property
    def result(self) -> CheckResult:
        """What it came to."""
        return CheckResult(self.check.name, self._examined, self.findings, self._skipped)


def _examine(source: Source, name: str, tallies: Sequence[_Tally], *, costly: bool) -> None:
    """Make all checks of an episode; where it cannot be read, the first that finds out says so."""
    try:
        episode = Examined(source, source.dataset.demo(name))
    except DatasetError as error:
        tallies[0].findings.append(Finding(str(error), "error", name))
        return
    for tally in tallies:
        if (costly or not tally.check.is_costly) and not tally.take(episode):
            return


def _whole(source: Source) -> Iterator[Finding]:
    try:
        yield from file_findings(source.dataset)
    except DatasetError as error:
        yield Finding(str(error))
