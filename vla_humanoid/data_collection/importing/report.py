"""Shows what an import has come to, entry by entry."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from vla_humanoid.data_collection.importing.lerobot import LeRobotDataset
from vla_humanoid.data_collection.importing.mapping import MISSING
from vla_humanoid.data_collection.importing.survey import EntryReport, Survey


def describe_survey(dataset: LeRobotDataset, survey: Survey) -> Group:
    """Return a table of all entries, and what the source is."""
    table = Table("entry", "from", "found", "ours", "unit", "", title=str(dataset.info.folder))
    for entry in survey.entries:
        field = entry.field
        table.add_row(
            f"{entry.vector} {field.name}",
            Text(entry.source),
            f"{entry.low:.4g}..{entry.high:.4g}",
            f"{field.low:.4g}..{field.high:.4g}",
            field.unit,
            _verdict(entry),
        )
    info = dataset.info
    missing = sum(entry.source == MISSING for entry in survey.entries)
    return Group(
        table,
        f"LeRobot {info.version}, {info.robot}, {survey.episodes} episodes, {info.fps:g} frames/s; "
        f"{survey.steps} steps; {missing} of {len(survey.entries)} entries are missing",
    )


def _verdict(entry: EntryReport) -> str:
    if entry.problem:
        return f"NO: {entry.outside:.1%} outside"
    clipped = f"{entry.outside:.1%} clipped" if entry.outside else ""
    return ", ".join(filter(None, (clipped, entry.note))) or "ok"
