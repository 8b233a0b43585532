"""What checks of a dataset find, and what that comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]
Status: TypeAlias = Literal["passed", "warned", "failed", "skipped"]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be.

    Args:
        message: what, where and how it should be.
        severity: a warning is unusual, an error wrong.
        demo: name of the episode; empty for the whole file.
    """

    message: str
    severity: Severity = "error"
    demo: str = ""


@dataclass(frozen=True)
class CheckResult:
    """What one check came to.

    Args:
        name: of the check.
        examined: number of episodes that were looked at.
        findings: what was found.
        skipped: why it was not made, for episodes where it was not.
    """

    name: str
    examined: int
    findings: Sequence[Finding]
    skipped: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Number of errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """Number of warnings."""
        return len(self.findings) - self.errors

    @property
    def status(self) -> Status:
        """What it comes to."""
        if self.errors:
            return "failed"
        if self.warnings:
            return "warned"
        return "passed" if self.examined else "skipped"


@dataclass(frozen=True)
class Report:
    """What all checks of a file came to.

    Args:
        path: of the file.
        episodes: how many it holds.
        results: of the checks, in their order.
    """

    path: Path
    episodes: int
    results: tuple[CheckResult, ...]

    def passed(self, *, strict: bool = False) -> bool:
        """Tell whether nothing is wrong; if strict, nothing unusual either."""
        accepted = ("passed", "skipped") if strict else ("passed", "skipped", "warned")
        return all(result.status in accepted for result in self.results)

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data."""
        return {
            "file": str(self.path),
            "episodes": self.episodes,
            "passed": self.passed(),
            "checks": [{"status": result.status, **asdict(result)} for result in self.results],
        }
