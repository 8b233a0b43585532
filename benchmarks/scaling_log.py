"""Keeps what has been measured for docs/scaling.md."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

LOG = Path(__file__).parents[1] / "docs" / "scaling.json"


def note(what: str, values: Mapping[str, object]) -> None:
    """Keep a measurement, in place of the one before."""
    log = read()
    log[what] = {**values, "date": date.today().isoformat()}
    LOG.write_text(json.dumps(log, indent=1, sort_keys=True) + "\n")


def read() -> dict[str, dict[str, object]]:
    """Return every measurement, by name."""
    return dict(json.loads(LOG.read_text())) if LOG.exists() else {}
